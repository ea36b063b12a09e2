// An app without a server: every call to the provider leaves from this page.
const { authority, client_id } = await (await fetch('/settings.json')).json()
const users = new oidc.UserManager({
  authority,
  client_id,
  redirect_uri: `${location.origin}/callback`,
  post_logout_redirect_uri: `${location.origin}/`,
  scope: 'openid profile',
  loadUserInfo: true,
  revokeTokensOnSignout: true,
  monitorSession: false,
})
const show = (id) => (document.getElementById(id).hidden = false)
const tell = (id, value) => (document.getElementById(id).textContent = value)

enter.onclick = () => users.signinRedirect().catch((error) => tell('problem', error))
leave.onclick = () => users.signoutRedirect().catch((error) => tell('problem', error))
try {
  if (location.pathname === '/callback') {
    await users.signinCallback()
    history.replaceState(null, '', '/')
  }
  const user = await users.getUser()
  if (user) tell('citizen', JSON.stringify({ profile: user.profile, token: user.access_token }))
  show(user ? 'leave' : 'enter')
} catch (error) {
  tell('problem', error)
}
