"""Up to 10,000 gateways in one process, written from docs/gateway-protocol.md alone; knows nothing of the portal.

    python -m broadcast.simulator --gateways boxes.json --portal http://127.0.0.1:8000 --listen 127.0.0.1:8100

The box that starts as `JJ-0001` in the file answers at http://127.0.0.1:8100/JJ-0001. How they behave is
settled by flags and, while they run, by http://127.0.0.1:8100/_control/ (control.py).
"""
