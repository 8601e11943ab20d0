from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.people import Person, Workplace
from tests.sandbox.conftest import SocketApp


async def test_a_reply_names_its_parent(app: SocketApp, asha: Person, ada: Person) -> None:
    """thread_ts and parent_user_id, and no subtype; a broadcast one has the root."""
    post = await asha.posts("#kitchen", "question")
    await ada.replies(post, "answer")
    await ada.replies(post, "to all", broadcast=True)
    _, reply, broadcast = await app.hears(3, "message")
    assert (reply["thread_ts"], reply["parent_user_id"], reply.get("subtype")) == (post.ts, "U0ASHA", None)
    assert broadcast["subtype"] == "thread_broadcast"
    assert broadcast["root"]["ts"] == post.ts


async def test_an_edit_comes_with_what_was_before(app: SocketApp, asha: Person) -> None:
    """message_changed is hidden, has its own ts, the new message with `edited`, and the old one."""
    post = await asha.posts("#kitchen", "teh")
    await asha.edits(post, "the")
    changed = (await app.hears(2, "message"))[1]
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert changed["ts"] > post.ts
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("the", "teh")
    assert changed["message"]["edited"]["user"] == "U0ASHA"
    assert changed["message"]["ts"] == post.ts


async def test_a_deletion_names_what_went(
    app: SocketApp, asha: Person, slack: AsyncWebClient, kitchen: str
) -> None:
    """message_deleted for a message alone; a parent with replies becomes a tombstone that goes with its last reply."""
    alone = await asha.posts("#kitchen", "alone")
    await asha.deletes(alone)
    deleted = (await app.hears(2, "message"))[1]
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", alone.ts)
    parent = await asha.posts("#kitchen", "parent")
    reply = await asha.replies(parent, "reply")
    await asha.deletes(parent)
    buried = (await app.hears(5, "message"))[4]
    assert buried["message"]["subtype"] == "tombstone"
    assert buried["previous_message"]["text"] == "parent"
    await asha.deletes(reply)
    history = await slack.conversations_history(channel=kitchen)
    assert parent.ts not in [message["ts"] for message in history["messages"]]


async def test_reactions_name_whose_message_it_is(app: SocketApp, asha: Person, ada: Person) -> None:
    """reaction_added and reaction_removed carry item and item_user."""
    post = await asha.posts("#kitchen", "x")
    await ada.reacts(post, "bulb")
    await ada.unreacts(post, "bulb")
    added = (await app.hears(1, "reaction_added"))[0]
    assert (added["user"], added["reaction"], added["item_user"]) == ("U0ADA", "bulb", "U0ASHA")
    assert added["item"] == {"type": "message", "channel": post.channel, "ts": post.ts}
    await app.hears(1, "reaction_removed")


async def test_files_make_a_file_share(app: SocketApp, asha: Person) -> None:
    """A post with a clip has the subtype, the file and its length."""
    clip = await asha.uploads("clip.mp4", b"not really a film", duration_ms=92_000)
    await asha.posts("#kitchen", "watch this", files=[clip["id"]])
    event = (await app.hears(1, "message"))[0]
    assert event["subtype"] == "file_share"
    assert (event["files"][0]["mimetype"], event["files"][0]["duration_ms"]) == ("video/mp4", 92_000)


async def test_shared_channels_hide_files_behind_file_info(
    app: SocketApp, asha: Person, ada: Person, slack: AsyncWebClient, workplace: Workplace
) -> None:
    """With Slack Connect the event has only check_file_info; files.info tells the rest."""
    await ada.workplace.post("share", as_="ada", channel="#kitchen")
    file = await asha.uploads("notes.txt", b"notes")
    await asha.posts("#kitchen", "", files=[file["id"]])
    event = (await app.hears(1, "message"))[0]
    assert event["files"][0]["file_access"] == "check_file_info"
    info = await slack.files_info(file=file["id"])
    assert info["file"]["shares"]["public"]
    await workplace.all_delivered()
    assert app.received[-1].payload["is_ext_shared_channel"]


async def test_me_messages_and_integrations(app: SocketApp, asha: Person, workplace: Workplace) -> None:
    """/me is a me_message; a classic integration has a bot_id, a username and no user."""
    await asha.posts("#kitchen", "/me waves")
    await workplace.post("integration", as_="asha", channel="#kitchen", text="Built.", username="Builder")
    me, robot = await app.hears(2, "message")
    assert (me["subtype"], me["text"]) == ("me_message", "waves")
    assert (robot["subtype"], robot["username"]) == ("bot_message", "Builder")
    assert "user" not in robot


async def test_only_conversations_of_the_app_are_heard(app: SocketApp, ada: Person, asha: Person) -> None:
    """What is said where the app is not stays there; the invitation itself is heard."""
    channel = await ada.creates("elsewhere")
    await ada.posts(channel, "unheard")
    await ada.invites(channel)
    await ada.posts(channel, "heard")
    await asha.tells_app("and this")
    joined = (await app.hears(1, "member_joined_channel"))[0]
    assert (joined["user"], joined["inviter"]) == ("U0APP", "U0ADA")
    texts = [event["text"] for event in await app.hears(3, "message")]
    assert "unheard" not in texts
    assert {"heard", "and this"} <= set(texts)
    assert [event["channel_type"] for event in app.events("message")][-1] == "im"


async def test_the_life_of_a_channel(app: SocketApp, ada: Person, asha: Person, workplace: Workplace) -> None:
    """Rename, archive, unarchive, a new id, leaving, removal and deletion have their events."""
    room = {"as_": "ada", "channel": "#kitchen"}
    await asha.leaves("#kitchen")
    await workplace.post("archive", **room)
    await workplace.post("unarchive", **room)
    await workplace.post("rename", **room, name="bakery")
    new_id = (await workplace.post("change_id", as_="ada", channel="#bakery"))["channel"]
    await ada.kicks("#bakery")
    await workplace.all_delivered()
    kinds = [event["type"] for event in app.events()]
    for kind in (
        "member_left_channel",
        "channel_archive",
        "channel_unarchive",
        "channel_rename",
        "channel_left",
    ):
        assert kind in kinds
    assert app.events("channel_id_changed")[0]["new_channel_id"] == new_id
    assert app.events("channel_rename")[0]["channel"]["name"] == "bakery"
    await ada.invites("#bakery")
    await workplace.post("delete_channel", as_="ada", channel="#bakery")
    assert (await app.hears(1, "channel_deleted"))[0]["channel"] == new_id


async def test_private_channels_use_group_events(app: SocketApp, ada: Person, workplace: Workplace) -> None:
    """group_rename, group_left and channel_type group."""
    room = await ada.creates("secret", private=True)
    await ada.invites(room)
    await ada.posts(room, "psst")
    await workplace.post("rename", as_="ada", channel=room, name="secrets")
    await ada.kicks(room)
    await app.hears(1, "group_left")
    await app.hears(1, "group_rename")
    assert "group" in {event["channel_type"] for event in app.events("message")}


async def test_people_come_change_and_go(app: SocketApp, asha: Person, workplace: Workplace) -> None:
    """team_join and user_change carry the whole user; leaving is a user_change with deleted."""
    await workplace.post("people", name="gita")
    await asha.sets_profile(tz="America/New_York", status_text="On leave", status_emoji=":palm_tree:")
    await workplace.post("person", as_="ben", deleted=True)
    assert (await app.hears(1, "team_join"))[0]["user"]["id"] == "U0GITA"
    moved, gone = await app.hears(2, "user_change")
    assert (moved["user"]["tz"], moved["user"]["profile"]["status_text"]) == ("America/New_York", "On leave")
    assert gone["user"]["deleted"]


async def test_opening_home_and_uninstalling(
    app: SocketApp, asha: Person, slack: AsyncWebClient, workplace: Workplace
) -> None:
    """app_home_opened at each opening; after uninstalling tokens are dead and no more events come."""
    await asha.opens_home()
    opened = (await app.hears(1, "app_home_opened"))[0]
    assert (opened["user"], opened["tab"]) == ("U0ASHA", "home")
    await workplace.post("uninstall")
    await app.hears(1, "app_uninstalled")
    assert app.events("tokens_revoked")[0]["tokens"]["bot"] == ["U0APP"]
    dead = await slack.api_call("api.test")
    assert dead["ok"]
    await asha.posts("#kitchen", "unheard")
    await workplace.post("install")
    assert (await workplace.state())["app"]["installed"]
    assert app.events("message") == []


async def test_the_manifest_decides_which_events_come(
    sandbox: Sandbox, app: SocketApp, asha: Person, workplace: Workplace
) -> None:
    """What the app did not subscribe to is not delivered."""
    sandbox.world.app.events = frozenset({"message.channels"})
    post = await asha.posts("#kitchen", "x")
    await asha.reacts(post, "bulb")
    await asha.tells_app("unheard")
    await app.hears(1, "message")
    await workplace.all_delivered()
    assert [event["type"] for event in app.events()] == ["message"]
