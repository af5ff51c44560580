"""What a reviewer asks, in SQL, of the ledger's mirror in Postgres."""
from dataclasses import dataclass

import psycopg

from ledger import until
from settings import setting

MIRRORED_S = 30


@dataclass(frozen=True)
class Question:
    asks: str
    sql: str


WHO_APPROVED = Question(
    "Who approved what is serving?",
    """SELECT s.endpoint, s.model, s.version, a.reviewer, a.comment, a.time
  FROM reviewer.serving_now s
  JOIN reviewer.approvals a USING (model, version)
 WHERE s.endpoint = 'fraud' AND a.outcome = 'granted'""",
)
WHAT_SERVED = Question(
    "What served at that minute?",
    """SELECT model, version, promoted_at
  FROM reviewer.rollouts
 WHERE endpoint = 'fraud' AND promoted_at <= %(at)s
 ORDER BY promoted_at DESC
 LIMIT 1""",
)
WHY_NOT = Question(
    "Why is fraud/4 not serving?",
    """SELECT model, version, outcome, reason, detail, ended_at
  FROM reviewer.rollouts
 WHERE model = 'fraud' AND version = 4""",
)


def ask(question: Question, **parameters) -> list[dict]:
    """The rows that answer, as soon as the mirror has copied so far."""
    url = setting("SLUICE_REVIEWER_DATABASE_URL")
    with psycopg.connect(url, autocommit=True, row_factory=psycopg.rows.dict_row, connect_timeout=10) as database:
        look = lambda: database.execute(question.sql, parameters).fetchall()
        return until(f"an answer to “{question.asks}” in Postgres", MIRRORED_S, look)


def as_table(rows: list[dict]) -> str:
    cells = [[str(name).upper() for name in rows[0]]] + [[str(value) for value in row.values()] for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    return "\n".join("   " + "  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip() for line in cells)
