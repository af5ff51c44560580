CREATE TABLE ledger.mirror_position (
    topic text   PRIMARY KEY,
    next  bigint NOT NULL CHECK (next >= 0)
);
INSERT INTO ledger.mirror_position VALUES ('sluice.ledger', 0);
ALTER TABLE ledger.mirror_position OWNER TO ledger_owner;
GRANT SELECT, UPDATE (next) ON ledger.mirror_position TO mirror_writer;
COMMENT ON TABLE ledger.mirror_position IS
    'The position of the next record to copy. Moving it in the transaction that adds the rows is the whole fence against a second writer.';
