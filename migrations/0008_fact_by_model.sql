CREATE INDEX fact_by_model ON ledger.fact (model, version, position);
