"""Web API: who am I, opening sockets, the workspace, and OAuth."""

import secrets

from bot.sandbox.errors import SlackError
from bot.sandbox.methods import Call, Method
from bot.sandbox.model import Json
from bot.sandbox.people import MANAGER_FIELD
from bot.sandbox.people import user_object as _user


def _api_test(call: Call) -> Json:
    values = {key: value for key, value in call.args.values.items() if key != "token"}
    if "error" in values:
        raise SlackError(str(values["error"]), args=values)
    return {"args": values}


def _auth_test(call: Call) -> Json:
    world, app = call.world, call.app
    return {
        "url": world.url,
        "team": world.name,
        "user": world.people[app.user].name,
        "team_id": world.team,
        "user_id": app.user,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def _open_connection(call: Call) -> Json:
    if not call.app.socket_mode:
        raise SlackError("forbidden_team")
    address = call.world.url.replace("http://", "ws://", 1)
    return {"url": f"{address}link/?ticket={call.world.tickets.socket()}&app_id={call.app.id}"}


def _team_info(call: Call) -> Json:
    world = call.world
    team = {"id": world.team, "name": world.name, "domain": world.domain, "url": world.url}
    picture = {"image_68": f"{world.url}avatar/{world.app.user}.svg", "image_default": True}
    return {"team": team | {"email_domain": f"{world.domain}.example", "icon": picture}}


def _team_profile(call: Call) -> Json:
    field: Json = {
        "id": MANAGER_FIELD,
        "ordering": 0,
        "label": "Manager",
        "field_name": "manager",
        "hint": "Who you report to",
        "type": "user",
        "possible_values": None,
        "options": {"is_protected": False, "is_scim": False},
        "is_hidden": False,
        "is_inverse": False,
    }
    return {"profile": {"fields": [field], "sections": []}, "team": call.world.team}


def _bots_info(call: Call) -> Json:
    app = call.app
    if call.args.get("bot", app.bot_id) != app.bot_id:
        raise SlackError("bot_not_found")
    bot = {"id": app.bot_id, "deleted": not app.installed, "name": app.name, "updated": 0, "app_id": app.id}
    icons = _user(call.world, call.world.people[app.user])["profile"]
    return {"bot": bot | {"user_id": app.user, "icons": {"image_72": icons["image_72"]}}}


def _oauth_access(call: Call) -> Json:
    app, args = call.app, call.args
    if args.get("client_id") != app.client_id:
        raise SlackError("invalid_client_id")
    if args.get("client_secret") != app.client_secret:
        raise SlackError("bad_client_secret")
    redirect = call.world.tickets.codes.pop(args.require("code"), None)
    if redirect is None:
        raise SlackError("invalid_code")
    if redirect != args.get("redirect_uri"):
        raise SlackError("bad_redirect_uri")
    _install(call)
    return {
        "app_id": app.id,
        "authed_user": {"id": app.installer},
        "scope": ",".join(app.scopes),
        "token_type": "bot",
        "access_token": app.bot_token,
        "bot_user_id": app.user,
        "team": {"id": call.world.team, "name": call.world.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _install(call: Call) -> None:
    app = call.app
    if app.bot_token in app.revoked:
        app.bot_token = f"xoxb-sandbox-{secrets.token_hex(8)}"
    app.installed = True


def _revoke(call: Call) -> Json:
    if call.args.flag("test"):
        return {"revoked": False}
    call.app.revoked.add(call.args.token)
    return {"revoked": True}


METHODS: dict[str, Method] = {
    "api.test": Method(_api_test, caller="anybody"),
    "auth.test": Method(_auth_test),
    "auth.revoke": Method(_revoke),
    "apps.connections.open": Method(_open_connection, caller="app"),
    "team.info": Method(_team_info, ("team:read",)),
    "team.profile.get": Method(_team_profile, ("users.profile:read",)),
    "bots.info": Method(_bots_info, ("users:read",)),
    "oauth.v2.access": Method(_oauth_access, caller="anybody"),
}
