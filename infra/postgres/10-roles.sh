#!/bin/sh
# Makes the roles and the database on the first start of an empty volume. The image runs it as the superuser, over
# the local socket. Tables, policies and grants come from the migrations, which run as lumenpay_owner.
set -eu
: "${LUMENPAY_OWNER_PASSWORD:?password of lumenpay_owner}"
: "${LUMENPAY_APP_PASSWORD:?password of lumenpay_app}"
: "${LUMENPAY_BACKUP_PASSWORD:?password of lumenpay_backup}"
: "${LUMENPAY_STAFF_PASSWORD:?password of lumenpay_staff}"

# psql reads the passwords from the environment, so that they are in no argument list.
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv owner_password LUMENPAY_OWNER_PASSWORD
\getenv app_password LUMENPAY_APP_PASSWORD
\getenv backup_password LUMENPAY_BACKUP_PASSWORD
\getenv staff_password LUMENPAY_STAFF_PASSWORD
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
CREATE ROLE lumenpay_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB CREATEROLE NOREPLICATION PASSWORD :'owner_password';
CREATE ROLE lumenpay_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app_password';
CREATE ROLE lumenpay_staff LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'staff_password';
-- Migrations cannot make this one: whoever gives BYPASSRLS away must have it, and the owner must not.
CREATE ROLE lumenpay_backup LOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'backup_password';
GRANT pg_read_all_data TO lumenpay_backup;
ALTER ROLE lumenpay_backup SET default_transaction_read_only = on;
CREATE DATABASE lumenpay OWNER lumenpay_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE lumenpay FROM PUBLIC;
GRANT CONNECT ON DATABASE lumenpay TO lumenpay_app, lumenpay_backup, lumenpay_staff;
SQL
