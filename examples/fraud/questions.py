"""What a reviewer asks, in SQL, of the ledger's mirror in Postgres."""
from dataclasses import dataclass

from ledger import rows, until

MIRRORED_S = 30


@dataclass(frozen=True)
class Question:
    asks: str
    sql: str

    def written_out(self, **parameters) -> str:
        """For people to read and try; the database gets the parameters beside the text."""
        text = self.sql
        for name, value in parameters.items():
            text = text.replace(f"%({name})s", f"'{value}'")
        return text


WHO_APPROVED = Question(
    "Who approved what is serving?",
    """SELECT s.model, s.version, s.weight_percent, a.reviewer, a.comment, a.time AS approved_at
  FROM reviewer.serving_now s
  JOIN reviewer.approvals a USING (model, version, artifact_digest)
 WHERE s.endpoint = 'fraud' AND a.decision = 'granted'""",
)
WHAT_SERVED = Question(
    "What served at that minute?",
    """SELECT model, version, weight_percent, since, until
  FROM reviewer.served_at(%(at)s)
 WHERE endpoint = 'fraud'""",
)
WHY_NOT = Question(
    "Why is fraud/4 not serving?",
    """SELECT model, version, state, reason, canary_entities, detail, ended_at
  FROM reviewer.rollouts
 WHERE model = 'fraud' AND version = 4""",
)


def ask(question: Question, **parameters) -> list[dict]:
    """The rows that answer, as soon as the mirror has copied so far."""
    what = f"an answer to “{question.asks}” in Postgres"
    return until(what, MIRRORED_S, lambda: rows(question.sql, **parameters))


def as_table(found: list[dict]) -> str:
    cells = [[name.upper() for name in found[0]]] + [[str(value) for value in row.values()] for row in found]
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip() for line in cells)
