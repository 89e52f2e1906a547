// node icaljs.mjs FILE...: what ical.js, the parser of Thunderbird and Nextcloud, sees, as JSON.
import fs from 'node:fs';
import ICAL from 'ical.js';

const verdicts = process.argv.slice(2).map((file) => {
  const complaints = new Set();
  const events = [];
  try {
    const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(file, 'utf8')));
    const zones = calendar.getAllSubcomponents('vtimezone');
    for (const zone of zones) ICAL.TimezoneService.register(zone);
    const known = new Set(zones.map((zone) => zone.getFirstPropertyValue('tzid')));
    for (const component of calendar.getAllSubcomponents('vevent')) {
      const event = new ICAL.Event(component);
      const zone = component.getFirstProperty('dtstart')?.getParameter('tzid');
      if (!event.uid) complaints.add('no UID');
      if (!component.getFirstProperty('dtstamp')) complaints.add('no DTSTAMP');
      if (zone && !known.has(zone)) complaints.add('undeclared TZID');
      if (event.endDate.compare(event.startDate) < 0) complaints.add('DTEND before DTSTART');
      const texts = `${event.summary}${event.description}${event.location}`;
      if (texts.includes('\uFFFD')) complaints.add('a broken character');
      events.push([
        event.uid,
        event.startDate.toJSDate().toISOString(),
        event.endDate.toJSDate().toISOString(),
        event.summary,
        component.getFirstPropertyValue('status'),
      ]);
    }
    const refresh = calendar.getFirstProperty('refresh-interval');
    if (refresh && refresh.type !== 'duration') complaints.add('REFRESH-INTERVAL is no duration');
  } catch (error) {
    complaints.add(`does not parse: ${error.message.slice(0, 200)}`);
  } finally {
    ICAL.TimezoneService.reset();
  }
  return { events, complaints: [...complaints] };
});
process.stdout.write(JSON.stringify(verdicts));
