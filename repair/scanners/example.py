"""For the example city and tests: knows the one signature that every scanner knows and nothing else."""

from . import Verdict

#: In two halves, so that a scanner that looks over this repository does not take the file away.
EICAR = b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!"


class Scanner:
    def answers(self) -> bool:
        return True

    def scan(self, data: bytes) -> Verdict:
        return Verdict(False, "Eicar-Test-Signature") if EICAR in data else Verdict(True)
