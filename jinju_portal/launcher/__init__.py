"""The launcher: a whole example city on one machine (`make demo`), or just its servers around one command.

    python -m jinju_portal.launcher                    the example city, until Ctrl-C
    python -m jinju_portal.launcher run -- COMMAND     fresh PostgreSQL and Valkey, test settings, COMMAND
    python -m jinju_portal.launcher exec -- COMMAND    COMMAND in the environment of the city that runs here
    python -m jinju_portal.launcher alive              exit code 0 if the web here answers /healthz/

Only the standard library, and no Django: it must be able to say what is wrong when settings or tables are.
"""
