CREATE INDEX fact_by_cause ON ledger.fact (cause);
