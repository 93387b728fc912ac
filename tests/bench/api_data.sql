-- Conversations of a year; which words, flows and channels occur is by their number, so that each
-- run is the same.
CREATE TEMPORARY TABLE word (id integer PRIMARY KEY, text text);

INSERT INTO word SELECT id, substr(md5(id::text), 1, 3 + id %% 6) FROM generate_series(0, 4999) AS id;

INSERT INTO word VALUES (5000, 'invoice');

INSERT INTO conversations_eventsource (name, identity, "offset", created_at) VALUES ('bench', 'bench', 0, now());

INSERT INTO conversations_tag (id, assistant_id, name) VALUES
    (gen_random_uuid(), %(assistant)s, 'complaint'), (gen_random_uuid(), %(assistant)s, 'rare');

INSERT INTO conversations_conversation (
    id, assistant_id, sender_id, channel, is_test, language, title, started_at, last_event_at,
    event_count, message_count, user_message_count, changed_at, outcome, flows, open_flows, slots, reviewed_at)
SELECT
    gen_random_uuid(), %(assistant)s, 'sender-' || n,
    CASE WHEN n %% 50 = 0 THEN 'studio_chat' WHEN n %% 2000 = 7 THEN 'voice'
        WHEN n %% 3 = 0 THEN 'socketio' ELSE 'rest' END,
    n %% 50 = 0, 'en',
    (SELECT string_agg(text, ' ') FROM word WHERE id IN (n %% 5000, n * 7 %% 5000, n * 11 %% 5000)),
    '2025-10-01'::timestamptz + n * ('365 days'::interval / %(count)s),
    '2025-10-01'::timestamptz + n * ('365 days'::interval / %(count)s) + '5 minutes'::interval,
    %(each)s, 6, 3,
    '2025-10-01'::timestamptz + n * ('365 days'::interval / %(count)s),
    'completed', jsonb_build_array('flow_' || floor(10 * ln(1 + n %% 10000))::int), '[]', '{}',
    CASE WHEN n %% 10 = 0 THEN now() END
FROM generate_series(1, %(count)s) AS n;

INSERT INTO conversations_conversationflow (conversation_id, flow_id)
SELECT id, jsonb_array_elements_text(flows) FROM conversations_conversation;

INSERT INTO conversations_conversation_tags (conversation_id, tag_id)
SELECT conversation.id, tag.id FROM conversations_conversation conversation, conversations_tag tag
WHERE tag.name = CASE
    WHEN substr(sender_id, 8)::bigint %% 5000 = 3 THEN 'rare'
    WHEN substr(sender_id, 8)::bigint %% 5 = 3 THEN 'complaint' END;

DO $$ DECLARE month timestamptz; name text; BEGIN
    FOR month IN SELECT generate_series('2025-10-01'::timestamptz, '2026-10-01', '1 month') LOOP
        name := 'conversations_event_' || to_char(month, 'YYYY_MM');
        IF to_regclass(name) IS NULL THEN
            EXECUTE format('CREATE TABLE %%I PARTITION OF conversations_event FOR VALUES FROM (%%L) TO (%%L)',
                name, month, month + '1 month'::interval);
        END IF;
    END LOOP;
END $$;

INSERT INTO conversations_event (
    conversation_id, type, at, text, name, data, fingerprint, source_id, source_offset)
SELECT
    conversation.id, kind,
    started_at + place * '30 seconds'::interval,
    CASE WHEN kind IN ('user', 'bot') THEN
        CASE WHEN n %% 4999 = 77 AND place = 3 THEN 'the zebra-77 ' ELSE '' END ||
        CASE WHEN n / 7 %% 3 = 0 AND place = 2 THEN 'my invoice ' ELSE '' END ||
        (SELECT string_agg(text, ' ') FROM word WHERE id IN (
            n * (place + 1) %% 5000, n * (place + 3) %% 4999, n * (place + 7) %% 4998, n * (place + 9) %% 4997)) END,
    CASE WHEN kind = 'action' THEN 'action_listen' END,
    '{"event":"' || kind || '","timestamp":1790000000.0,"metadata":{"assistant_id":"Shop","model_id":"8f9e"},"parse_data":{"intent":{"name":"x","confidence":0.9}}}',
    n * 100 + place, (SELECT max(id) FROM conversations_eventsource), n * 100 + place
FROM (SELECT *, substr(sender_id, 8)::bigint AS n FROM conversations_conversation) conversation,
    generate_series(0, %(each)s - 1) AS place,
    LATERAL (SELECT (ARRAY['action', 'session_started', 'user', 'bot', 'slot', 'user', 'bot', 'action', 'user', 'bot'])[1 + place %% 10] AS kind) kinds;

ANALYZE
