// Slack's short names and the characters they stand for: the ones people use at work, drawn by the system's own font.

const GROUPS = {
  "Often used":
    "bulb 💡 white_check_mark ✅ raised_hands 🙌 speech_balloon 💬 +1 👍 eyes 👀 tada 🎉 heart ❤️ pray 🙏 clap 👏 fire 🔥 rocket 🚀 joy 😂 thinking_face 🤔 100 💯 wave 👋 bookmark 🔖 seedling 🌱",
  Faces:
    "grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 sweat_smile 😅 rolling_on_the_floor_laughing 🤣 slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊 innocent 😇 heart_eyes 😍 star-struck 🤩 relaxed ☺️ yum 😋 stuck_out_tongue 😛 hugging_face 🤗 face_with_hand_over_mouth 🤭 shushing_face 🤫 zipper_mouth_face 🤐 neutral_face 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 mask 😷 face_with_thermometer 🤒 exploding_head 🤯 partying_face 🥳 sunglasses 😎 nerd_face 🤓 confused 😕 worried 😟 slightly_frowning_face 🙁 open_mouth 😮 hushed 😯 astonished 😲 flushed 😳 pleading_face 🥺 cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓 weary 😩 tired_face 😫 yawning_face 🥱 triumph 😤 angry 😠 melting_face 🫠 saluting_face 🫡 face_holding_back_tears 🥹 robot_face 🤖 ghost 👻 see_no_evil 🙈",
  "People and hands":
    "thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 handshake 🤝 muscle 💪 point_up ☝️ point_up_2 👆 point_down 👇 point_left 👈 point_right 👉 raised_hand ✋ hand ✋ v ✌️ crossed_fingers 🤞 call_me_hand 🤙 writing_hand ✍️ brain 🧠 ear 👂 open_hands 👐 palms_up_together 🤲 man-shrugging 🤷‍♂️ woman-shrugging 🤷‍♀️ shrug 🤷 facepalm 🤦 raising_hand 🙋 technologist 🧑‍💻 teacher 🧑‍🏫 student 🧑‍🎓 busts_in_silhouette 👥 bust_in_silhouette 👤 speaking_head_in_silhouette 🗣️ runner 🏃 people_hugging 🫂",
  Work: "memo 📝 pencil 📝 pencil2 ✏️ book 📖 open_book 📖 books 📚 notebook 📓 ledger 📒 closed_book 📕 green_book 📗 blue_book 📘 orange_book 📙 page_facing_up 📄 clipboard 📋 calendar 📆 date 📅 spiral_calendar_pad 🗓️ chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 card_index_dividers 🗂️ file_folder 📁 open_file_folder 📂 paperclip 📎 link 🔗 pushpin 📌 round_pushpin 📍 scissors ✂️ mag 🔍 mag_right 🔎 lock 🔒 unlock 🔓 key 🔑 hammer 🔨 wrench 🔧 hammer_and_wrench 🛠️ gear ⚙️ nut_and_bolt 🔩 toolbox 🧰 magnet 🧲 test_tube 🧪 microscope 🔬 telescope 🔭 computer 💻 desktop_computer 🖥️ keyboard ⌨️ floppy_disk 💾 phone ☎️ iphone 📱 email 📧 envelope ✉️ incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤 package 📦 mailbox 📫 bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 movie_camera 🎥 video_camera 📹 clapper 🎬 camera 📷 microphone 🎤 studio_microphone 🎙️ headphones 🎧 hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚ alarm_clock ⏰ stopwatch ⏱️ clock9 🕘 briefcase 💼 mortar_board 🎓 office 🏢 house 🏠 bug 🐛 ladybug 🐞 shield 🛡️ compass 🧭 world_map 🗺️ jigsaw 🧩 dart 🎯 trophy 🏆 sports_medal 🏅 first_place_medal 🥇 ticket 🎫 label 🏷️ moneybag 💰 battery 🔋 electric_plug 🔌 satellite_antenna 📡 identification_card 🪪 postbox 📮 scroll 📜 newspaper 📰 bookmark_tabs 📑",
  Signs:
    "heavy_check_mark ✔️ white_large_square ⬜ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_plus_sign ➕ heavy_minus_sign ➖ question ❓ grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗ bangbang ‼️ warning ⚠️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 construction 🚧 information_source ℹ️ recycle ♻️ arrows_counterclockwise 🔄 repeat 🔁 arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ leftwards_arrow_with_hook ↩️ arrow_right_hook ↪️ arrow_forward ▶️ double_vertical_bar ⏸️ black_square_for_stop ⏹️ sos 🆘 new 🆕 ok 🆗 up 🆙 cool 🆒 free 🆓 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ keycap_ten 🔟 zero 0️⃣ hash #️⃣ red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 white_circle ⚪ black_circle ⚫ zzz 💤 thought_balloon 💭 left_speech_bubble 🗨️ anger 💢 boom 💥 sparkles ✨ star ⭐ star2 🌟 dizzy 💫 zap ⚡ heavy_dollar_sign 💲 tm ™️ infinity ♾️",
  "Hearts and play":
    "orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 black_heart 🖤 white_heart 🤍 broken_heart 💔 two_hearts 💕 sparkling_heart 💖 gift 🎁 balloon 🎈 confetti_ball 🎊 birthday 🎂 cake 🍰 cookie 🍪 coffee ☕ tea 🍵 beers 🍻 champagne 🍾 clinking_glasses 🥂 pizza 🍕 taco 🌮 apple 🍎 green_apple 🍏 lemon 🍋 popcorn 🍿 soccer ⚽ basketball 🏀 checkered_flag 🏁 triangular_flag_on_post 🚩 waving_white_flag 🏳️ musical_note 🎵 art 🎨 game_die 🎲 crystal_ball 🔮 crown 👑 gem 💎 ribbon 🎀",
  "Nature and travel":
    "sunny ☀️ partly_sunny ⛅ cloud ☁️ rainbow 🌈 umbrella ☂️ snowflake ❄️ ocean 🌊 droplet 💧 herb 🌿 four_leaf_clover 🍀 evergreen_tree 🌲 deciduous_tree 🌳 potted_plant 🪴 sunflower 🌻 rose 🌹 mushroom 🍄 maple_leaf 🍁 fallen_leaf 🍂 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 full_moon 🌕 crescent_moon 🌙 sunrise 🌅 mountain ⛰️ dog 🐶 cat 🐱 fox_face 🦊 bear 🐻 panda_face 🐼 penguin 🐧 bird 🐦 owl 🦉 turtle 🐢 snail 🐌 butterfly 🦋 bee 🐝 ant 🐜 whale 🐳 dolphin 🐬 octopus 🐙 unicorn_face 🦄 sloth 🦥 airplane ✈️ train 🚆 car 🚗 bike 🚲 ship 🚢 anchor ⚓ vertical_traffic_light 🚦 house_with_garden 🏡 baby 👶 palm_tree 🌴 beach_with_umbrella 🏖️ tent ⛺ luggage 🧳",
};

const SKIN_TONE = /::skin-tone-([2-6])$/;
const TONES = { 2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿" };

const byName = new Map();
const byCharacter = new Map();
const groups = Object.entries(GROUPS).map(([title, text]) => ({ title, emoji: readGroup(text) }));

function readGroup(text) {
  const words = text.split(" ");
  const found = [];
  for (let at = 0; at < words.length; at += 2) {
    const [name, character] = [words[at], words[at + 1]];
    byName.set(name, character);
    if (!byCharacter.has(character)) {
      byCharacter.set(character, name);
      found.push({ name, character });
    }
  }
  return found;
}

/** All emoji in the order the picker shows them. */
export const emojiGroups = groups;

/** The character of a short name such as "bulb" or "+1::skin-tone-3"; null when we do not know it. */
export function characterOf(name) {
  const tone = SKIN_TONE.exec(name);
  const base = byName.get(tone ? name.slice(0, tone.index) : name);
  if (!base) return null;
  return tone ? base.replace("\uFE0F", "") + TONES[tone[1]] : base;
}

/** At most `limit` emoji whose name holds the words, those that begin with them first. */
export function findEmoji(words, limit = 8) {
  const wanted = words.toLowerCase().replace(/[\s-]+/g, "_");
  const hits = [...byName].filter(([name]) => name.includes(wanted));
  hits.sort((a, b) => Number(b[0].startsWith(wanted)) - Number(a[0].startsWith(wanted)));
  return hits.slice(0, limit).map(([name, character]) => ({ name, character }));
}

// Longest first, so that a heart with its variation mark is not read as a bare one.
const CHARACTERS = new RegExp(
  [...byCharacter.keys()]
    .filter((c) => !/^[\d#]/.test(c))
    .sort((a, b) => b.length - a.length)
    .join("|"),
  "gu",
);

/** What Slack's client does before it sends: the character 💡 becomes ":bulb:". */
export const toShortNames = (text) => text.replace(CHARACTERS, (character) => `:${byCharacter.get(character)}:`);
