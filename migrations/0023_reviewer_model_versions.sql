CREATE VIEW reviewer.model_versions WITH (security_barrier = true) AS
SELECT registered.model, registered.version,
       registered.time AS registered_at, registered.position,
       registered.data ->> 'run' AS run,
       registered.data ->> 'submitter' AS submitter,
       registered.data #>> '{artifact,digest}' AS artifact_digest,
       completed.data ->> 'owner' AS owner,
       completed.data ->> 'job' AS job,
       completed.data #>> '{code,repository}' AS code_repository,
       completed.data #>> '{code,commit}' AS code_commit,
       completed.data #>> '{data,name}' AS data_name,
       completed.data #>> '{data,snapshot}' AS data_snapshot,
       completed.data #>> '{data,digest}' AS data_digest,
       registered.data -> 'features' AS features,
       registered.data -> 'metrics' AS declared_metrics,
       archived.time AS archived_at
FROM ledger.fact registered
LEFT JOIN ledger.fact completed ON completed.id = registered.cause AND completed.type = 'TrainingCompleted'
LEFT JOIN LATERAL (
    SELECT time FROM ledger.fact
    WHERE type = 'ModelVersionArchived' AND model = registered.model AND version = registered.version
    ORDER BY position LIMIT 1
) archived ON true
WHERE registered.type = 'ModelVersionRegistered';
ALTER VIEW reviewer.model_versions OWNER TO ledger_owner;
GRANT SELECT ON reviewer.model_versions TO reviewer;
COMMENT ON VIEW reviewer.model_versions IS
    'One row per version: which run it is, who submitted it, and the code and data that it was made from.';
