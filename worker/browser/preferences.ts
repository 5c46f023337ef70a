/** In Chromium's preferences, this is "never, and do not ask". */
const BLOCK = 2;
const BLOCK_ALL_DOWNLOADS = 3;

/** What no page is given, by the names of Chromium's content settings. A call is recorded, and takes part in nothing. */
const REFUSED = [
  ...['popups', 'notifications', 'geolocation', 'automatic_downloads', 'sensors', 'clipboard', 'midi_sysex'],
  ...['midi', 'usb_guard', 'serial_guard', 'hid_guard', 'bluetooth_guard', 'bluetooth_scanning'],
  ...['file_system_read_guard', 'file_system_write_guard', 'payment_handler', 'background_sync'],
  ...['idle_detection', 'window_placement', 'local_fonts', 'protocol_handler', 'mouselock', 'vr', 'ar'],
  ...['media_stream_mic', 'media_stream_camera', 'nfc'],
];

/** The preferences of a new profile. */
export const PREFERENCES = {
  history: { saving_disabled: true },
  profile: { default_content_setting_values: Object.fromEntries(REFUSED.map((name) => [name, BLOCK])) },
  download_restrictions: BLOCK_ALL_DOWNLOADS,
};
