-- The role that Grafana and the Armaturenbrett read with: it can select from the desk's tables, and nothing else.
-- Run it once as the owner of the database; set a password of your own:
--   psql -v password="'...'" -f reader.sql
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'franz_reader') THEN
    CREATE ROLE franz_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT;
  END IF;
END
$$;
ALTER ROLE franz_reader PASSWORD :password;
ALTER ROLE franz_reader SET default_transaction_read_only = on;
ALTER ROLE franz_reader SET statement_timeout = '5s';
GRANT USAGE ON SCHEMA public TO franz_reader;
GRANT SELECT ON tickets, ticket_events, ticket_counts, franz_positions TO franz_reader;
