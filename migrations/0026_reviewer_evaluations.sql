CREATE VIEW reviewer.evaluations WITH (security_barrier = true) AS
SELECT ended.model, ended.version,
       CASE ended.type WHEN 'EvaluationPassed' THEN 'passed' WHEN 'EvaluationFailed' THEN 'failed'
                       WHEN 'EvaluationErrored' THEN 'errored' ELSE 'cancelled' END AS verdict,
       CASE ended.type WHEN 'EvaluationFailed' THEN reviewer.failed_gates(ended.data -> 'gates')
                       WHEN 'EvaluationErrored' THEN concat_ws(': ', ended.data ->> 'code', ended.data ->> 'detail')
                       WHEN 'EvaluationCancelled' THEN ended.data ->> 'reason' END AS why,
       ended.time, ended.position,
       reviewer.as_number(ended.data ->> 'policy_version')::bigint AS policy_version,
       ended.data ->> 'evidence' AS evidence_digest,
       coalesce(ended.data ->> 'artifact', measured.data ->> 'artifact') AS artifact_digest,
       measured.data ->> 'dataset' AS dataset_digest,
       reviewer.as_number(measured.data ->> 'rows')::bigint AS rows,
       reviewer.as_number(measured.data #>> '{scores,auc}') AS auc,
       reviewer.as_number(measured.data #>> '{scores,log_loss}') AS log_loss,
       reviewer.as_number(measured.data #>> '{scores,accuracy}') AS accuracy,
       reviewer.as_number(measured.data #>> '{champion,version}')::bigint AS champion_version,
       reviewer.as_number(measured.data #>> '{champion,scores,auc}') AS champion_auc,
       ended.data -> 'gates' AS gates
FROM ledger.fact ended
LEFT JOIN ledger.fact measured
       ON measured.id = reviewer.as_uuid(ended.data ->> 'measurement') AND measured.type = 'EvaluationMeasured'
WHERE ended.type IN ('EvaluationPassed', 'EvaluationFailed', 'EvaluationErrored', 'EvaluationCancelled');
ALTER VIEW reviewer.evaluations OWNER TO ledger_owner;
GRANT SELECT ON reviewer.evaluations TO reviewer;
COMMENT ON VIEW reviewer.evaluations IS
    'One row per evaluation that has ended: the verdict, why, the numbers, and every gate with its number and threshold.';
COMMENT ON COLUMN reviewer.evaluations.evidence_digest IS 'What an approval of this version is bound to.';
