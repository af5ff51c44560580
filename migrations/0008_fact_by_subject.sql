CREATE INDEX fact_by_subject ON ledger.fact (subject, position);
