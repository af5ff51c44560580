CREATE INDEX fact_by_type ON ledger.fact (type, position);
