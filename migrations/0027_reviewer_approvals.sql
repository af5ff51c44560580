CREATE VIEW reviewer.approvals WITH (security_barrier = true) AS
SELECT ended.model, ended.version,
       CASE ended.type WHEN 'ApprovalGranted' THEN 'granted' WHEN 'ApprovalDenied' THEN 'denied'
                       WHEN 'ApprovalVoided' THEN 'voided' ELSE 'expired' END AS decision,
       ended.data ->> 'reviewer' AS reviewer,
       coalesce(ended.data ->> 'automatic' = 'true', false) AS automatic,
       coalesce(ended.data ->> 'comment', review.data ->> 'comment') AS comment,
       coalesce(ended.data ->> 'evidence', review.data ->> 'evidence') AS evidence_digest,
       ended.data ->> 'artifact' AS artifact_digest,
       ended.time, ended.position
FROM ledger.fact ended
LEFT JOIN ledger.fact review ON review.id = ended.cause AND review.type = 'ReviewSubmitted'
WHERE ended.type IN ('ApprovalGranted', 'ApprovalDenied', 'ApprovalExpired', 'ApprovalVoided');
ALTER VIEW reviewer.approvals OWNER TO ledger_owner;
GRANT SELECT ON reviewer.approvals TO reviewer;
COMMENT ON VIEW reviewer.approvals IS
    'One row per decision whether a version may go live: who, on exactly which evidence, with which comment.';
COMMENT ON COLUMN reviewer.approvals.reviewer IS
    'The subject id of the person; absent where the policy decided (automatic) or nobody did in time.';
