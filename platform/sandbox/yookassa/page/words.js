// The words of the shops' page in Russian and English.

const RU = {
  title: "Песочница ЮKassa: магазины", about: "Здесь вместо личного кабинета ЮKassa: заведите магазин, вставьте его ключи на портале, а адрес уведомлений с портала — сюда.",
  name: "Название нового магазина", create: "Создать магазин", none: "Магазинов пока нет", test: "тестовый", live: "боевой",
  shopId: "shopId", secretKey: "Секретный ключ", copy: "Скопировать", copied: "Скопировано", notices: "Адрес для уведомлений",
  save: "Сохранить", saved: "Адрес для уведомлений сохранён", payments: "Платежи", noPayments: "Платежей пока нет",
  noticesHint: "Портал показывает его после подключения магазина.", open: "Страница оплаты", language: "English", offline: "Нет связи с песочницей",
  pending: "ждёт оплаты", waiting_for_capture: "ждёт подтверждения", succeeded: "оплачен", canceled: "отменён", made: "Магазин создан",
};
const EN = {
  title: "YooKassa sandbox: shops", about: "This stands for the cabinet of YooKassa: make a shop, paste its keys in the portal, and the portal's notification address here.",
  name: "Name of the new shop", create: "Make a shop", none: "No shops yet", test: "test", live: "live",
  shopId: "shopId", secretKey: "Secret key", copy: "Copy", copied: "Copied", notices: "Notification address",
  save: "Save", saved: "The notification address is saved", payments: "Payments", noPayments: "No payments yet",
  noticesHint: "The portal shows it once the shop is connected.", open: "Payment page", language: "Русский", offline: "The sandbox cannot be reached",
  pending: "waits for the payer", waiting_for_capture: "waits for capture", succeeded: "paid", canceled: "canceled", made: "The shop is made",
};

const asked = new URLSearchParams(location.search).get("lang") ?? navigator.language;
export const language = asked.startsWith("ru") ? "ru" : "en";
export const other = language === "ru" ? "en" : "ru";

/** The phrase in the language of the page. */
export const t = (name) => (language === "ru" ? RU : EN)[name] ?? name;

/** A moment, day and time. */
export const moment = (text) => new Date(text).toLocaleString(language === "ru" ? "ru-RU" : "en-GB", { dateStyle: "short", timeStyle: "medium" });
