"""What PostgreSQL has in place of SQLite's own: full text that follows the passages, counts of words, two functions.

`lexemes` holds the stems of a passage as `index.fulltext_postgres` makes them, with their places; those of the title
and the headings have the weight A. The vocabulary says in how many passages each stem is, and how often; a space
stands for all of them. A statement that changes many passages changes it once for each of their words.
"""

NO_FULL_TEXT = (
    "DROP TRIGGER IF EXISTS passages_deleted ON passages",
    "DROP TABLE IF EXISTS passages_fts",
    "DROP TABLE IF EXISTS passages_vocabulary",
)
_COUNTED = """SELECT word.lexeme AS term, count(*) AS doc, sum(cardinality(word.positions)) AS cnt
    FROM changed, unnest(changed.lexemes) AS word GROUP BY word.lexeme
    UNION ALL SELECT ' ', count(*), sum(num_words) FROM changed HAVING count(*) > 0"""
FULL_TEXT = (
    """CREATE OR REPLACE FUNCTION instr(haystack text, needle text) RETURNS integer
        LANGUAGE sql IMMUTABLE AS 'SELECT strpos($1, $2)'""",
    """CREATE OR REPLACE FUNCTION json_extract(content json, path text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN
            RETURN content #>> string_to_array(substr(path, 3), '.');
        EXCEPTION WHEN data_exception THEN
            -- what no text can hold, as NUL or half of a character, is told as unknown
            RETURN regexp_replace(content::text, '\\\\u(0000|d[89a-f][0-9a-f]{2})', '\\\\ufffd', 'gi')::json
                #>> string_to_array(substr(path, 3), '.');
        END $$""",
    "CREATE TABLE passages_fts (rowid integer PRIMARY KEY, lexemes tsvector NOT NULL, num_words integer NOT NULL)",
    "CREATE INDEX passages_fts_lexemes ON passages_fts USING gin (lexemes)",
    """CREATE TABLE passages_vocabulary
        (term text COLLATE "C" PRIMARY KEY, doc bigint NOT NULL, cnt bigint NOT NULL)""",
    """CREATE OR REPLACE FUNCTION passages_counted() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO passages_vocabulary AS known (term, doc, cnt) COUNTED
                    ON CONFLICT (term) DO UPDATE SET doc = known.doc + excluded.doc, cnt = known.cnt + excluded.cnt;
            ELSE
                UPDATE passages_vocabulary AS known SET doc = known.doc - gone.doc, cnt = known.cnt - gone.cnt
                    FROM (COUNTED) AS gone WHERE known.term = gone.term;
                DELETE FROM passages_vocabulary WHERE doc <= 0;
            END IF;
            RETURN NULL;
        END $$""".replace("COUNTED", _COUNTED),  # nosec B608  (a text of ours)
    """CREATE TRIGGER passages_fts_counted AFTER INSERT ON passages_fts REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION passages_counted()""",
    """CREATE TRIGGER passages_fts_discounted AFTER DELETE ON passages_fts REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION passages_counted()""",
    """CREATE OR REPLACE FUNCTION passages_gone() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM passages_fts USING changed WHERE passages_fts.rowid = changed.rowid;
            RETURN NULL;
        END $$""",
    """CREATE TRIGGER passages_deleted AFTER DELETE ON passages REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION passages_gone()""",
)
