"""Views for analysts, in a schema of their own; `deploy/docs/analytics-database.md` describes them."""

from django.db import migrations

VIEWS = """
CREATE SCHEMA IF NOT EXISTS analytics;

CREATE VIEW analytics."Conversation" AS
SELECT
    conversation.id,
    assistant.name AS "assistantName",
    version.number::text AS "assistantVersion",
    conversation.user_message_count AS "totalNumberOfUserMessages",
    conversation.started_at AS "startDate",
    conversation.last_event_at < now() - interval '30 minutes' OR EXISTS (
        SELECT FROM conversations_session session
        WHERE session.conversation_id = conversation.id AND session.ended_at IS NOT NULL
    ) AS ingested,
    CASE WHEN conversation.reviewed_at IS NULL THEN 'UNREVIEWED' ELSE 'REVIEWED' END AS "reviewState",
    CASE conversation.slots ->> 'csat_score'
        WHEN 'satisfied' THEN 'SATISFIED'
        WHEN 'unsatisfied' THEN 'UNSATISFIED'
        WHEN 'skipped' THEN 'UNANSWERED'
    END AS "csatRating",
    conversation.reviewed_at AS "lastReviewedAt",
    (
        SELECT min(event.at) FROM conversations_event event
        WHERE event.conversation_id = conversation.id
            AND event.at BETWEEN conversation.started_at AND conversation.last_event_at
            AND (event.type = 'action' AND event.name = 'action_human_handoff'
                OR event.type = 'flow_started' AND event.flow_id = 'pattern_human_handoff')
    ) AS "escalatedAt",
    NULL::uuid AS "environmentId",
    conversation.assistant_id AS "assistantId",
    conversation.channel AS "channelName",
    conversation.is_test AS "isTest",
    conversation.language,
    conversation.outcome,
    conversation.last_event_at AS "lastEventAt"
FROM conversations_conversation conversation
JOIN assistants_assistant assistant ON assistant.id = conversation.assistant_id
LEFT JOIN versions_version version ON version.id = conversation.version_id
WHERE assistant.deleted_at IS NULL;

CREATE VIEW analytics."ConversationEvent" AS
SELECT
    event.id,
    event.conversation_id AS "conversationId",
    event.at AS timestamp,
    event.data::json -> 'metadata' ->> 'model_id' AS "modelId",
    upper(event.type) AS type,
    event.data::json AS "rawData",
    coalesce(event.data::json -> 'metadata', '{}') AS metadata,
    event.data::json ->> 'action_text' AS "actionText",
    event.name,
    event.value::json AS "slotValue",
    event.flow_id AS "flowId",
    event.step_id AS "stepId",
    event.data::json ->> 'agent_id' AS "agentId",
    event.text
FROM conversations_event event
JOIN conversations_conversation conversation ON conversation.id = event.conversation_id
JOIN assistants_assistant assistant ON assistant.id = conversation.assistant_id
WHERE assistant.deleted_at IS NULL;

CREATE VIEW analytics."VersionDailyStatistics" AS
SELECT
    ("startDate" AT TIME ZONE 'UTC')::date AS date,
    "assistantName",
    "channelName",
    "assistantVersion" AS version,
    count(*) AS "totalSessions",
    count(*) FILTER (WHERE "escalatedAt" IS NULL) AS "automatedCount",
    count(*) FILTER (WHERE "escalatedAt" IS NOT NULL) AS "escalatedCount",
    count(*) FILTER (WHERE "csatRating" = 'SATISFIED') AS "csatSatisfied",
    count(*) FILTER (WHERE "csatRating" = 'UNSATISFIED') AS "csatUnsatisfied",
    count(*) FILTER (WHERE "csatRating" = 'UNANSWERED') AS "csatUnanswered"
FROM analytics."Conversation"
WHERE NOT "isTest"
GROUP BY 1, 2, 3, 4;

CREATE VIEW analytics."FlowDailyStatistics" AS
SELECT
    (conversation."startDate" AT TIME ZONE 'UTC')::date AS date,
    conversation."assistantName",
    flow.flow_id AS "flowName",
    count(*) AS "totalSessions",
    count(*) FILTER (WHERE conversation."escalatedAt" IS NULL) AS "automatedCount",
    count(*) FILTER (WHERE conversation."escalatedAt" IS NOT NULL) AS "escalatedCount"
FROM analytics."Conversation" conversation
JOIN conversations_conversationflow flow ON flow.conversation_id = conversation.id
WHERE NOT conversation."isTest"
GROUP BY 1, 2, 3;
"""


def create_views(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(VIEWS)


def drop_views(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('DROP SCHEMA analytics CASCADE')


class Migration(migrations.Migration):
    dependencies = [
        ('conversations', '0005_indexes_of_lists'),
        ('assistants', '0001_initial'),
        ('versions', '0001_initial'),
    ]

    operations = [migrations.RunPython(create_views, drop_views)]
