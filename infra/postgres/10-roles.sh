#!/bin/sh
# Makes the two roles and the database on the first start of an empty volume. The image runs it as the superuser, over
# the local socket. Tables, policies and grants come from the migrations, which run as lumenpay_owner.
set -eu
: "${LUMENPAY_OWNER_PASSWORD:?password of lumenpay_owner}"
: "${LUMENPAY_APP_PASSWORD:?password of lumenpay_app}"

# psql reads the passwords from the environment, so that they are in no argument list.
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv owner_password LUMENPAY_OWNER_PASSWORD
\getenv app_password LUMENPAY_APP_PASSWORD
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
CREATE ROLE lumenpay_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB CREATEROLE NOREPLICATION PASSWORD :'owner_password';
CREATE ROLE lumenpay_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app_password';
CREATE DATABASE lumenpay OWNER lumenpay_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE lumenpay FROM PUBLIC;
GRANT CONNECT ON DATABASE lumenpay TO lumenpay_app;
SQL
