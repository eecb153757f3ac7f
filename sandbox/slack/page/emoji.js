// The short names of the emoji that apps use most, as Unicode. A name that isn't here stays as it was typed.

const NAMES = `
white_check_mark ✅ · heavy_check_mark ✔️ · ballot_box_with_check ☑️ · x ❌ · negative_squared_cross_mark ❎ ·
warning ⚠️ · no_entry ⛔ · no_entry_sign 🚫 · octagonal_sign 🛑 · rotating_light 🚨 · exclamation ❗ · question ❓ ·
grey_question ❔ · bangbang ‼️ · information_source ℹ️ · hourglass ⌛ · hourglass_flowing_sand ⏳ · stopwatch ⏱️ ·
alarm_clock ⏰ · timer_clock ⏲️ · clock1 🕐 · clock3 🕒 · clock9 🕘 · calendar 📆 · date 📅 · spiral_calendar_pad 🗓️ ·
arrows_counterclockwise 🔄 · arrows_clockwise 🔃 · repeat 🔁 · leftwards_arrow_with_hook ↩️ · arrow_right ➡️ ·
arrow_left ⬅️ · arrow_up ⬆️ · arrow_down ⬇️ · arrow_forward ▶️ · double_vertical_bar ⏸️ · black_square_for_stop ⏹️ ·
fast_forward ⏩ · lock 🔒 · unlock 🔓 · closed_lock_with_key 🔐 · key 🔑 · old_key 🗝️ · shield 🛡️ · eyes 👀 · eye 👁️ ·
mag 🔍 · mag_right 🔎 · eyeglasses 👓 · large_green_circle 🟢 · red_circle 🔴 · large_yellow_circle 🟡 ·
large_orange_circle 🟠 · large_blue_circle 🔵 · large_purple_circle 🟣 · white_circle ⚪ · black_circle ⚫ ·
large_green_square 🟩 · large_red_square 🟥 · large_yellow_square 🟨 · white_large_square ⬜ · black_large_square ⬛ ·
white_medium_square ◻️ · small_blue_diamond 🔹 · small_orange_diamond 🔸 · bell 🔔 · no_bell 🔕 · mega 📣 ·
loudspeaker 📢 · speech_balloon 💬 · thought_balloon 💭 · hospital 🏥 · office 🏢 · house 🏠 · wrench 🔧 · hammer 🔨 ·
hammer_and_wrench 🛠️ · gear ⚙️ · toolbox 🧰 · robot_face 🤖 · computer 💻 · desktop_computer 🖥️ · keyboard ⌨️ ·
electric_plug 🔌 · battery 🔋 · floppy_disk 💾 · package 📦 · inbox_tray 📥 · outbox_tray 📤 · email 📧 · envelope ✉️ ·
memo 📝 · pencil2 ✏️ · pencil 📝 · clipboard 📋 · page_facing_up 📄 · bookmark 🔖 · label 🏷️ · link 🔗 · paperclip 📎 ·
pushpin 📌 · round_pushpin 📍 · bar_chart 📊 · chart_with_upwards_trend 📈 · chart_with_downwards_trend 📉 ·
card_index_dividers 🗂️ · file_folder 📁 · wastebasket 🗑️ · camera 📷 · camera_with_flash 📸 · frame_with_picture 🖼️ ·
heavy_plus_sign ➕ · heavy_minus_sign ➖ · heavy_multiplication_x ✖️ · zap ⚡ · fire 🔥 · boom 💥 · sparkles ✨ · star ⭐ ·
tada 🎉 · rocket 🚀 · seedling 🌱 · sunny ☀️ · cloud ☁️ · snowflake ❄️ · coffee ☕ · trophy 🏆 · bulb 💡 · bug 🐛 ·
construction 🚧 · traffic_light 🚦 · checkered_flag 🏁 · triangular_flag_on_post 🚩 · +1 👍 · thumbsup 👍 · -1 👎 ·
thumbsdown 👎 · wave 👋 · clap 👏 · pray 🙏 · raised_hands 🙌 · hand ✋ · raised_hand ✋ · point_right 👉 · point_up ☝️ ·
ok_hand 👌 · muscle 💪 · writing_hand ✍️ · handshake 🤝 · bust_in_silhouette 👤 · busts_in_silhouette 👥 ·
male-doctor 👨‍⚕️ · female-doctor 👩‍⚕️ · stethoscope 🩺 · smile 😄 · slightly_smiling_face 🙂 · grin 😁 · joy 😂 ·
thinking_face 🤔 · neutral_face 😐 · confused 😕 · cry 😢 · sob 😭 · sweat_smile 😅 · sleeping 😴 · zzz 💤 · heart ❤️ ·
green_heart 💚 · blue_heart 💙 · broken_heart 💔 · 100 💯 · one 1️⃣ · two 2️⃣ · three 3️⃣ · four 4️⃣ · five 5️⃣ ·
new 🆕 · free 🆓 · ok 🆗 · sos 🆘 · recycle ♻️ · ghost 👻 · skull 💀
`;

const BY_NAME = new Map(NAMES.split("·").map((pair) => pair.trim().split(/\s+/)));

/** The emoji of that name (without colons; a skin tone after it is passed over), or null. */
export const emoji = (name) => BY_NAME.get(name.replace(/::skin-tone-[2-6]$/, "")) ?? null;

/** A text with its :names: replaced, for places that hold text alone. */
export const withEmoji = (text) => text.replace(/:([a-z0-9+_-]+):/g, (whole, name) => emoji(name) ?? whole);
