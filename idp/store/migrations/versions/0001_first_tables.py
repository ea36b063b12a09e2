"""First tables of the provider."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table('accounts',
        sa.Column('account_id', sa.String(length=64), nullable=False),
        sa.Column('number_hash', sa.String(length=64), nullable=False),
        sa.Column('profile', sa.LargeBinary(), nullable=False),
        sa.Column('level', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('account_id'),
        sa.UniqueConstraint('number_hash')
    )
    op.create_table('admin_links',
        sa.Column('token_hash', sa.String(length=64), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.Column('used_at', sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint('token_hash')
    )
    op.create_table('admin_sessions',
        sa.Column('token_hash', sa.String(length=64), nullable=False),
        sa.Column('username', sa.String(length=64), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('token_hash')
    )
    op.create_table('admins',
        sa.Column('username', sa.String(length=64), nullable=False),
        sa.Column('hash', sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint('username')
    )
    op.create_table('audit_events',
        sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
        sa.Column('at', sa.BigInteger(), nullable=False),
        sa.Column('kind', sa.String(length=64), nullable=False),
        sa.Column('account_id', sa.String(length=64), nullable=True),
        sa.Column('detail', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_audit_events_account_id'), 'audit_events', ['account_id'], unique=False)
    op.create_table('challenges',
        sa.Column('key', sa.String(length=128), nullable=False),
        sa.Column('challenge', sa.LargeBinary(), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('key')
    )
    op.create_table('clients',
        sa.Column('client_id', sa.String(length=64), nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('redirect_uris', sa.JSON(), nullable=False),
        sa.Column('post_logout_redirect_uris', sa.JSON(), nullable=False),
        sa.Column('auth_method', sa.String(length=32), nullable=False),
        sa.Column('secret_hash', sa.String(length=64), nullable=True),
        sa.Column('jwks', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('operator', sa.String(length=200), nullable=True),
        sa.Column('id_token_signed_response_alg', sa.String(length=16), nullable=False),
        sa.Column('metadata', sa.JSON(), server_default='{}', nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('client_id')
    )
    op.create_table('enrolments',
        sa.Column('enrolment_id', sa.String(length=64), nullable=False),
        sa.Column('browser_hash', sa.String(length=64), nullable=False),
        sa.Column('check_id', sa.String(length=64), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('challenge', sa.JSON(), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.Column('code', sa.String(length=64), nullable=True),
        sa.Column('profile', sa.LargeBinary(), nullable=True),
        sa.Column('level', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.String(length=64), nullable=True),
        sa.Column('decision', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('enrolment_id')
    )
    op.create_index('ix_enrolments_browser', 'enrolments', ['browser_hash', 'created_at'], unique=False)
    op.create_index(op.f('ix_enrolments_created_at'), 'enrolments', ['created_at'], unique=False)
    op.create_index(op.f('ix_enrolments_state'), 'enrolments', ['state'], unique=False)
    op.create_table('failures',
        sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
        sa.Column('key', sa.String(length=128), nullable=False),
        sa.Column('at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_failures_key_at', 'failures', ['key', 'at'], unique=False)
    op.create_table('interactions',
        sa.Column('interaction_id', sa.String(length=64), nullable=False),
        sa.Column('browser_hash', sa.String(length=64), nullable=False),
        sa.Column('request', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('return_to', sa.String(length=2000), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.Column('authenticated_at', sa.BigInteger(), nullable=True),
        sa.Column('finished', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('interaction_id')
    )
    op.create_index(op.f('ix_interactions_expires_at'), 'interactions', ['expires_at'], unique=False)
    op.create_table('registration_tokens',
        sa.Column('token_hash', sa.String(length=64), nullable=False),
        sa.Column('uses_left', sa.Integer(), nullable=False),
        sa.Column('constraints', sa.JSON(), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('token_hash')
    )
    op.create_table('signing_keys',
        sa.Column('kid', sa.String(length=64), nullable=False),
        sa.Column('alg', sa.String(length=16), nullable=False),
        sa.Column('private_key', sa.LargeBinary(), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('retired_at', sa.BigInteger(), nullable=True),
        sa.Column('removed_at', sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint('kid')
    )
    op.create_table('authorizations',
        sa.Column('authorization_id', sa.String(length=64), nullable=False),
        sa.Column('client_id', sa.String(length=64), nullable=False),
        sa.Column('account_id', sa.String(length=64), nullable=True),
        sa.Column('sid', sa.String(length=64), nullable=True),
        sa.Column('scope', sa.JSON(), nullable=False),
        sa.Column('claims', sa.JSON(), nullable=False),
        sa.Column('resources', sa.JSON(), nullable=False),
        sa.Column('authorization_details', sa.JSON(), nullable=False),
        sa.Column('nonce', sa.String(length=2000), nullable=True),
        sa.Column('auth_time', sa.BigInteger(), nullable=False),
        sa.Column('amr', sa.JSON(), nullable=False),
        sa.Column('acr', sa.String(length=64), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('revoked_at', sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.account_id'], ),
        sa.ForeignKeyConstraint(['client_id'], ['clients.client_id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('authorization_id')
    )
    op.create_index(op.f('ix_authorizations_account_id'), 'authorizations', ['account_id'], unique=False)
    op.create_index(op.f('ix_authorizations_client_id'), 'authorizations', ['client_id'], unique=False)
    op.create_index(op.f('ix_authorizations_created_at'), 'authorizations', ['created_at'], unique=False)
    op.create_index(op.f('ix_authorizations_sid'), 'authorizations', ['sid'], unique=False)
    op.create_table('grants',
        sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
        sa.Column('account_id', sa.String(length=64), nullable=False),
        sa.Column('client_id', sa.String(length=64), nullable=False),
        sa.Column('operator', sa.String(length=200), nullable=False),
        sa.Column('scope', sa.JSON(), nullable=False),
        sa.Column('granted_at', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.account_id'], ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('account_id', 'client_id', 'operator')
    )
    op.create_table('logout_deliveries',
        sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
        sa.Column('client_id', sa.String(length=64), nullable=False),
        sa.Column('account_id', sa.String(length=64), nullable=False),
        sa.Column('sid', sa.String(length=64), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('last_result', sa.String(length=64), nullable=True),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('next_attempt_at', sa.BigInteger(), nullable=False),
        sa.Column('delivered_at', sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(['client_id'], ['clients.client_id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_logout_deliveries_client_id'), 'logout_deliveries', ['client_id'], unique=False)
    op.create_index('ix_logout_deliveries_due', 'logout_deliveries', ['state', 'next_attempt_at'], unique=False)
    op.create_table('passkeys',
        sa.Column('credential_id', sa.LargeBinary(), nullable=False),
        sa.Column('account_id', sa.String(length=64), nullable=False),
        sa.Column('public_key', sa.LargeBinary(), nullable=False),
        sa.Column('sign_count', sa.BigInteger(), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.account_id'], ),
        sa.PrimaryKeyConstraint('credential_id')
    )
    op.create_index(op.f('ix_passkeys_account_id'), 'passkeys', ['account_id'], unique=False)
    op.create_table('passwords',
        sa.Column('account_id', sa.String(length=64), nullable=False),
        sa.Column('hash', sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.account_id'], ),
        sa.PrimaryKeyConstraint('account_id')
    )
    op.create_table('pushed_requests',
        sa.Column('request_uri_hash', sa.String(length=64), nullable=False),
        sa.Column('client_id', sa.String(length=64), nullable=False),
        sa.Column('params', sa.JSON(), nullable=False),
        sa.Column('dpop_jkt', sa.String(length=64), nullable=True),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.Column('used_at', sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(['client_id'], ['clients.client_id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('request_uri_hash')
    )
    op.create_index(op.f('ix_pushed_requests_expires_at'), 'pushed_requests', ['expires_at'], unique=False)
    op.create_table('sessions',
        sa.Column('sid', sa.String(length=64), nullable=False),
        sa.Column('token_hash', sa.String(length=64), nullable=False),
        sa.Column('account_id', sa.String(length=64), nullable=False),
        sa.Column('auth_time', sa.BigInteger(), nullable=False),
        sa.Column('amr', sa.JSON(), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('last_seen', sa.BigInteger(), nullable=False),
        sa.Column('device', sa.String(length=200), server_default='', nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.account_id'], ),
        sa.PrimaryKeyConstraint('sid'),
        sa.UniqueConstraint('token_hash')
    )
    op.create_index(op.f('ix_sessions_account_id'), 'sessions', ['account_id'], unique=False)
    op.create_table('access_tokens',
        sa.Column('token_id', sa.String(length=64), nullable=False),
        sa.Column('authorization_id', sa.String(length=64), nullable=False),
        sa.Column('scope', sa.JSON(), nullable=False),
        sa.Column('audience', sa.JSON(), nullable=False),
        sa.Column('cnf', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('act', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('issued_at', sa.BigInteger(), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.Column('revoked_at', sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(['authorization_id'], ['authorizations.authorization_id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('token_id')
    )
    op.create_index(op.f('ix_access_tokens_authorization_id'), 'access_tokens', ['authorization_id'], unique=False)
    op.create_index(op.f('ix_access_tokens_expires_at'), 'access_tokens', ['expires_at'], unique=False)
    op.create_table('backchannel_requests',
        sa.Column('auth_req_id_hash', sa.String(length=64), nullable=False),
        sa.Column('client_id', sa.String(length=64), nullable=False),
        sa.Column('account_id', sa.String(length=64), nullable=False),
        sa.Column('request', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('authorization_id', sa.String(length=64), nullable=True),
        sa.Column('interval', sa.Integer(), nullable=False),
        sa.Column('polled_at', sa.BigInteger(), nullable=True),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.account_id'], ),
        sa.ForeignKeyConstraint(['authorization_id'], ['authorizations.authorization_id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['client_id'], ['clients.client_id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('auth_req_id_hash')
    )
    op.create_index(op.f('ix_backchannel_requests_account_id'), 'backchannel_requests', ['account_id'], unique=False)
    op.create_index(op.f('ix_backchannel_requests_expires_at'), 'backchannel_requests', ['expires_at'], unique=False)
    op.create_table('codes',
        sa.Column('code_hash', sa.String(length=64), nullable=False),
        sa.Column('authorization_id', sa.String(length=64), nullable=False),
        sa.Column('redirect_uri', sa.String(length=2000), nullable=False),
        sa.Column('code_challenge', sa.String(length=43), nullable=False),
        sa.Column('dpop_jkt', sa.String(length=64), nullable=True),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.Column('used_at', sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(['authorization_id'], ['authorizations.authorization_id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('code_hash')
    )
    op.create_index(op.f('ix_codes_expires_at'), 'codes', ['expires_at'], unique=False)
    op.create_table('device_codes',
        sa.Column('device_code_hash', sa.String(length=64), nullable=False),
        sa.Column('user_code', sa.String(length=16), nullable=False),
        sa.Column('client_id', sa.String(length=64), nullable=False),
        sa.Column('request', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('authorization_id', sa.String(length=64), nullable=True),
        sa.Column('interval', sa.Integer(), nullable=False),
        sa.Column('polled_at', sa.BigInteger(), nullable=True),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(['authorization_id'], ['authorizations.authorization_id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['client_id'], ['clients.client_id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('device_code_hash'),
        sa.UniqueConstraint('user_code')
    )
    op.create_index(op.f('ix_device_codes_expires_at'), 'device_codes', ['expires_at'], unique=False)
    op.create_table('refresh_tokens',
        sa.Column('token_hash', sa.String(length=64), nullable=False),
        sa.Column('authorization_id', sa.String(length=64), nullable=False),
        sa.Column('cnf', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('issued_at', sa.BigInteger(), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.Column('used_at', sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(['authorization_id'], ['authorizations.authorization_id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('token_hash')
    )
    op.create_index(op.f('ix_refresh_tokens_authorization_id'), 'refresh_tokens', ['authorization_id'], unique=False)
    op.create_index(op.f('ix_refresh_tokens_expires_at'), 'refresh_tokens', ['expires_at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_refresh_tokens_expires_at'), table_name='refresh_tokens')
    op.drop_index(op.f('ix_refresh_tokens_authorization_id'), table_name='refresh_tokens')
    op.drop_table('refresh_tokens')
    op.drop_index(op.f('ix_device_codes_expires_at'), table_name='device_codes')
    op.drop_table('device_codes')
    op.drop_index(op.f('ix_codes_expires_at'), table_name='codes')
    op.drop_table('codes')
    op.drop_index(op.f('ix_backchannel_requests_expires_at'), table_name='backchannel_requests')
    op.drop_index(op.f('ix_backchannel_requests_account_id'), table_name='backchannel_requests')
    op.drop_table('backchannel_requests')
    op.drop_index(op.f('ix_access_tokens_expires_at'), table_name='access_tokens')
    op.drop_index(op.f('ix_access_tokens_authorization_id'), table_name='access_tokens')
    op.drop_table('access_tokens')
    op.drop_index(op.f('ix_sessions_account_id'), table_name='sessions')
    op.drop_table('sessions')
    op.drop_index(op.f('ix_pushed_requests_expires_at'), table_name='pushed_requests')
    op.drop_table('pushed_requests')
    op.drop_table('passwords')
    op.drop_index(op.f('ix_passkeys_account_id'), table_name='passkeys')
    op.drop_table('passkeys')
    op.drop_index('ix_logout_deliveries_due', table_name='logout_deliveries')
    op.drop_index(op.f('ix_logout_deliveries_client_id'), table_name='logout_deliveries')
    op.drop_table('logout_deliveries')
    op.drop_table('grants')
    op.drop_index(op.f('ix_authorizations_sid'), table_name='authorizations')
    op.drop_index(op.f('ix_authorizations_created_at'), table_name='authorizations')
    op.drop_index(op.f('ix_authorizations_client_id'), table_name='authorizations')
    op.drop_index(op.f('ix_authorizations_account_id'), table_name='authorizations')
    op.drop_table('authorizations')
    op.drop_table('signing_keys')
    op.drop_table('registration_tokens')
    op.drop_index(op.f('ix_interactions_expires_at'), table_name='interactions')
    op.drop_table('interactions')
    op.drop_index('ix_failures_key_at', table_name='failures')
    op.drop_table('failures')
    op.drop_index(op.f('ix_enrolments_state'), table_name='enrolments')
    op.drop_index(op.f('ix_enrolments_created_at'), table_name='enrolments')
    op.drop_index('ix_enrolments_browser', table_name='enrolments')
    op.drop_table('enrolments')
    op.drop_table('clients')
    op.drop_table('challenges')
    op.drop_index(op.f('ix_audit_events_account_id'), table_name='audit_events')
    op.drop_table('audit_events')
    op.drop_table('admins')
    op.drop_table('admin_sessions')
    op.drop_table('admin_links')
    op.drop_table('accounts')
