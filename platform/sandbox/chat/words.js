// The words of the page in Russian and English.

import { state } from "./state.js";

const RU = {
  title: "Песочница Telegram", you: "Вы", newUser: "Новый человек", name: "Имя", surname: "Фамилия", language: "Язык Telegram",
  create: "Создать", cancel: "Отмена", close: "Закрыть", bots: "Боты", channels: "Каналы", noBots: "Ботов пока нет",
  noChannels: "Каналов пока нет", joinByLink: "Войти по ссылке", joinLink: "Ссылка-приглашение", join: "Войти",
  chat: "Чат", chats: "Чаты", story: "Закулисье", write: "Сообщение", send: "Отправить", start: "Начать", commands: "Команды",
  block: "Заблокировать", unblock: "Разблокировать", blocked: "Вы заблокировали этого бота", bot: "бот",
  startHint: "Нажмите «Начать», чтобы бот вам ответил", pick: "Выберите, кто вы и с каким ботом говорите", edited: "изменено",
  leave: "Выйти из канала", inside: "внутри", outside: "не внутри", requested: "заявка отправлена", asked: "заявка", kicked: "заблокирован",
  creator: "владелец", administrator: "админ", member: "участник", left: "вышел", restricted: "ограничен",
  posts: "Публикации", noPosts: "Публикаций нет", closedChannel: "Публикации видны только участникам", members: "Участники",
  requests: "Заявки на вход", links: "Ссылки", none: "Пусто", calls: "Вызовы", deliveries: "Доставки", channel: "Канал",
  clock: "Время", sandboxTime: "Время песочницы", ahead: "впереди настоящего на", forward: "Перевести вперёд",
  minute: "1 минута", hour: "1 час", day: "1 день", month: "30 дней", pay: "Оплата", openTab: "Открыть в новой вкладке",
  joined: "Вы в канале", already_member: "Вы уже в канале", expired: "Срок ссылки истёк", revoked: "Ссылка отозвана",
  full: "По этой ссылке мест больше нет", banned: "Вам закрыт вход в канал", invalid: "Такой ссылки нет",
  approved: "Заявка одобрена: вы в канале", declined: "Заявка отклонена", removed: "Вы больше не в канале",
  unanswered: "Бот не ответил на нажатие", paidStars: "Звёзды отправлены", refusedStars: "Бот отказался принять оплату",
  short: "Не хватает звёзд", timeout: "Бот не ответил вовремя", copied: "Скопировано", offline: "Нет связи с песочницей", theme: "Тема",
  auto: "как в системе", light: "светлая", dark: "тёмная", byRequest: "по заявке", limit: "мест", usedBy: "вошли", attempt: "попытка",
  noAnswer: "нет ответа", newMessages: "Новые сообщения", paymentOk: "Оплата прошла", paymentBad: "Оплата не прошла",
  langName: "English", unavailable: "Недоступно в песочнице", add: "Новый человек, бот или канал", newBot: "Новый бот",
  newChannel: "Новый канал", botName: "Название бота", botUsername: "Имя пользователя бота", token: "Токен",
  botUsernameHint: "Латинские буквы, цифры и _, в конце bot", channelTitle: "Название канала", channelHint: "Владелец — тот, кем вы сейчас вошли",
  copyMessage: "Скопировать сообщение", copyToken: "Только токен", shops: "Магазины ЮKassa",
  tokenHint: "Вставьте его на портале: «Бот» → «Подключить бота». Потом сделайте бота администратором канала.",
  addAdmin: "Добавить администратора", rights: "Права", makeAdmin: "Сделать администратором", saveRights: "Сохранить права",
  removeAdmin: "Забрать права", adminAdded: "права бота изменены", adminRemoved: "бот больше не администратор",
  adminHint: "Telegram сообщит об этом боту. Если бот подключён к порталу, канал появится там сам.",
  clockHint: "Двигаются только часы песочниц Telegram и ЮKassa: истекают ссылки и неоплаченные платежи, повторы уходят сразу. Часы LumenPay не двигаются: подписка кончается в настоящем времени. Чтобы увидеть конец за минуту, начните тест-драйв в портале.",
  testDrive: "тест-драйв",
  can_invite_users: "Приглашать и впускать", can_restrict_members: "Удалять участников", can_post_messages: "Писать в канал",
};
const EN = {
  title: "Telegram sandbox", you: "You are", newUser: "New person", name: "First name", surname: "Last name",
  language: "Telegram language", create: "Create", cancel: "Cancel", close: "Close", bots: "Bots", channels: "Channels",
  noBots: "No bots yet", noChannels: "No channels yet", joinByLink: "Join by link", joinLink: "Invite link", join: "Join",
  chat: "Chat", chats: "Chats", story: "Backstage", write: "Message", send: "Send", start: "Start", commands: "Commands",
  block: "Block", unblock: "Unblock", blocked: "You have blocked this bot", bot: "bot",
  startHint: "Press Start and the bot will answer", pick: "Choose who you are and which bot to talk to", edited: "edited",
  leave: "Leave the channel", inside: "inside", outside: "not inside", requested: "request sent", asked: "asked", kicked: "banned",
  creator: "owner", administrator: "admin", member: "member", left: "left", restricted: "restricted",
  posts: "Posts", noPosts: "No posts", closedChannel: "Only members see the posts", members: "Members",
  requests: "Join requests", links: "Links", none: "Nothing here", calls: "Calls", deliveries: "Deliveries", channel: "Channel",
  clock: "Time", sandboxTime: "Sandbox time", ahead: "ahead of real time by", forward: "Move forward",
  minute: "1 minute", hour: "1 hour", day: "1 day", month: "30 days", pay: "Payment", openTab: "Open in a new tab",
  joined: "You are in", already_member: "You are in already", expired: "The link has expired", revoked: "The link was revoked",
  full: "The link has no places left", banned: "You are banned from the channel", invalid: "There is no such link",
  approved: "Request approved: you are in", declined: "Request refused", removed: "You are no longer in",
  unanswered: "The bot did not answer the press", paidStars: "Stars sent", refusedStars: "The bot refused the payment",
  short: "Too few Stars", timeout: "The bot did not answer in time", copied: "Copied", offline: "The sandbox cannot be reached", theme: "Theme",
  auto: "system", light: "light", dark: "dark", byRequest: "by request", limit: "places", usedBy: "joined", attempt: "attempt",
  noAnswer: "no answer", newMessages: "New messages", paymentOk: "Payment succeeded", paymentBad: "Payment failed",
  langName: "Русский", unavailable: "Not available in the sandbox", add: "New person, bot or channel", newBot: "New bot",
  newChannel: "New channel", botName: "Name of the bot", botUsername: "Username of the bot", token: "Token",
  botUsernameHint: "Latin letters, digits and _, ending in bot", channelTitle: "Title of the channel", channelHint: "Its owner is the person that you are now",
  copyMessage: "Copy the message", copyToken: "Only the token", shops: "YooKassa shops",
  tokenHint: "Paste it in the portal: Bot → Connect a bot. Then make the bot an administrator of a channel.",
  addAdmin: "Add an administrator", rights: "Rights", makeAdmin: "Make an administrator", saveRights: "Save the rights",
  removeAdmin: "Take the rights back", adminAdded: "the bot's rights have changed", adminRemoved: "the bot is no longer an administrator",
  adminHint: "Telegram tells the bot. Once the bot is connected in the portal, the channel appears there by itself.",
  clockHint: "Only the clocks of the Telegram and YooKassa sandboxes move: links and unpaid payments expire, retries go out at once. LumenPay's own clock does not: a subscription ends in real time. To see an end within a minute, start a test drive in the portal.",
  testDrive: "test drive",
  can_invite_users: "Invite and let in", can_restrict_members: "Remove members", can_post_messages: "Post in the channel",
};

/** The phrase in the chosen language. */
export const t = (name) => (state.language === "ru" ? RU : EN)[name] ?? name;

const locale = () => (state.language === "ru" ? "ru-RU" : "en-GB");

/** The hour and minute of a Unix time. */
export const clockTime = (unix) => new Date(unix * 1000).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });

/** The hour, minute and second of a Unix time. */
export const exactTime = (unix) => new Date(unix * 1000).toLocaleTimeString(locale());

/** The date and time of a Unix time. */
export const fullTime = (unix) =>
  new Date(unix * 1000).toLocaleString(locale(), { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** A number of seconds in days, hours and minutes. */
export function duration(seconds) {
  const parts = [[86400, state.language === "ru" ? "д" : "d"], [3600, state.language === "ru" ? "ч" : "h"], [60, state.language === "ru" ? "мин" : "min"]];
  const words = [];
  let left = Math.round(seconds);
  for (const [unit, name] of parts) {
    if (left >= unit) words.push(`${Math.floor(left / unit)} ${name}`);
    left %= unit;
  }
  return words.join(" ") || `0 ${parts[2][1]}`;
}
