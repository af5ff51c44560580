CREATE VIEW reviewer.rollouts WITH (security_barrier = true) AS
WITH step AS (
    SELECT reviewer.as_uuid(data #>> '{of,rollout}') AS rollout, type, time, position, data
    FROM ledger.fact
    WHERE type IN ('RolloutStarted', 'RolloutAdvanced', 'RolloutPaused', 'RolloutResumed', 'RolloutJudged',
                   'RolloutPromoted', 'RolloutRolledBack', 'RolloutAborted', 'RolloutSuperseded')
), latest AS (
    SELECT DISTINCT ON (rollout, kind) rollout, kind, type, time, data
    FROM (SELECT *, CASE WHEN type IN ('RolloutPaused', 'RolloutResumed') THEN 'pause'
                         WHEN type IN ('RolloutPromoted', 'RolloutRolledBack', 'RolloutAborted', 'RolloutSuperseded')
                         THEN 'end' ELSE type END AS kind
          FROM step) AS sorted
    ORDER BY rollout, kind, position DESC
)
SELECT queued.id AS rollout, queued.data ->> 'endpoint' AS endpoint, queued.model, queued.version,
       CASE WHEN ended.type = 'RolloutPromoted' THEN 'promoted'
            WHEN ended.type = 'RolloutRolledBack' THEN 'rolled back'
            WHEN ended.type = 'RolloutAborted' THEN 'aborted'
            WHEN ended.type = 'RolloutSuperseded' THEN 'superseded'
            WHEN queued.type = 'RolloutRefused' THEN 'refused'
            WHEN pause.type = 'RolloutPaused' THEN 'paused'
            WHEN started.type IS NOT NULL THEN 'running'
            ELSE 'queued' END AS state,
       CASE WHEN queued.type = 'RolloutRefused' THEN queued.data ->> 'reason' ELSE ended.data ->> 'reason' END AS reason,
       ended.data ->> 'detail' AS detail,
       queued.time AS queued_at, started.time AS started_at,
       CASE WHEN queued.type = 'RolloutRefused' THEN queued.time ELSE ended.time END AS ended_at,
       started.data ->> 'strategy' AS strategy,
       nullif(reviewer.as_number(started.data ->> 'stable'), 0)::bigint AS compared_with,
       trim_scale(reviewer.as_number(advanced.data ->> 'weight_percent')) AS weight_percent,
       reviewer.as_number(judged.data ->> 'canary_entities')::bigint AS canary_entities,
       queued.data ->> 'artifact' AS artifact_digest,
       queued.position
FROM ledger.fact queued
LEFT JOIN latest started ON started.rollout = queued.id AND started.kind = 'RolloutStarted'
LEFT JOIN latest advanced ON advanced.rollout = queued.id AND advanced.kind = 'RolloutAdvanced'
LEFT JOIN latest judged ON judged.rollout = queued.id AND judged.kind = 'RolloutJudged'
LEFT JOIN latest pause ON pause.rollout = queued.id AND pause.kind = 'pause'
LEFT JOIN latest ended ON ended.rollout = queued.id AND ended.kind = 'end'
WHERE queued.type IN ('RolloutQueued', 'RolloutRefused');
ALTER VIEW reviewer.rollouts OWNER TO ledger_owner;
GRANT SELECT ON reviewer.rollouts TO reviewer;
COMMENT ON VIEW reviewer.rollouts IS
    'One row per rollout: when it was queued and started, how it ended and why. A refused one never had traffic.';
COMMENT ON COLUMN reviewer.rollouts.weight_percent IS 'The last step that it reached.';
COMMENT ON COLUMN reviewer.rollouts.canary_entities IS 'On so many entities the last judgement rests.';
