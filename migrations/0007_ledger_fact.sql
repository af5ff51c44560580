CREATE TABLE ledger.fact (
    id             uuid        PRIMARY KEY,
    position       bigint      NOT NULL UNIQUE CHECK (position >= 0),
    type           text        NOT NULL,
    schema_version integer     NOT NULL,
    service        text        NOT NULL,
    subject        text        NOT NULL,
    time           timestamptz NOT NULL,
    basis          bigint,
    cause          uuid,
    correlation    uuid,
    actor          text,
    data           jsonb       NOT NULL,
    model          text        GENERATED ALWAYS AS (substring(subject FROM '^models/([^/]+)')) STORED,
    version        bigint      GENERATED ALWAYS AS
                       (substring(subject FROM '^models/[^/]+/versions/([0-9]{1,18})$')::bigint) STORED
);
ALTER TABLE ledger.fact OWNER TO ledger_owner;
GRANT SELECT, INSERT ON ledger.fact TO mirror_writer;
COMMENT ON TABLE ledger.fact IS
    'The first record of each id, opened up. A record more than 65,536 positions after what its writer had seen is no fact.';
COMMENT ON COLUMN ledger.fact.type IS 'The fact''s name: RolloutPromoted for io.sluice.RolloutPromoted.v1.';
COMMENT ON COLUMN ledger.fact.service IS 'The service that wrote it.';
COMMENT ON COLUMN ledger.fact.time IS 'When it became true, by its writer''s clock.';
COMMENT ON COLUMN ledger.fact.basis IS 'The position that it rests on: it is treated as standing there.';
COMMENT ON COLUMN ledger.fact.cause IS 'The fact that caused it; absent where the cause lies outside the ledger.';
COMMENT ON COLUMN ledger.fact.correlation IS 'The first fact of the chain.';
COMMENT ON COLUMN ledger.fact.actor IS 'The subject id of the person or job whose act it is.';
COMMENT ON COLUMN ledger.fact.model IS 'From the subject, as is version; absent where the subject is no model.';
