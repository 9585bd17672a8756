/**
 * The hall as CATAPULT's LMS test suite drives an LMS (its lib/lms.template.js tells what each function is for). Loaded by
 * the suite's own Jest (27, which knows no `node:` names), so it is CommonJS and uses the suite's HTTP client; settings come from scripts/conformance-cmi5.ts.
 */
const { createRequire } = require('module');
const { join } = require('path');

const suite = createRequire(join(process.cwd(), 'package.json'));
const Wreck = suite('@hapi/wreck');
const { InvalidPackageError } = suite('./lib/errors');
const { HALL_URL, HALL_TOKEN, HALL_PROJECT, HALL_LRS_AUTH } = process.env;

const courses = [];
const ask = async (method, path, payload, headers = {}) => {
  const response = await Wreck.request(method, `${HALL_URL}/api${path}`, {
    payload,
    headers: { authorization: `Bearer ${HALL_TOKEN}`, ...headers },
    timeout: 60_000,
  });
  const body = await Wreck.read(response, { json: 'force' });
  if (response.statusCode < 400) return body;
  throw Object.assign(new Error(`${response.statusCode} ${body.scope}.${body.key}: ${body.message}`), { body });
};
const askJson = (method, path, payload) =>
  ask(method, path, JSON.stringify(payload), { 'content-type': 'application/json' });

module.exports = {
  setup: async () => {},
  teardown: async () => {},
  getLrsEndpoint: () => `${HALL_URL}/xapi`,
  getLrsAuthHeader: () => HALL_LRS_AUTH,

  importCourse: async (stream, contentType) => {
    try {
      const { id } = await ask('POST', `/projects/${HALL_PROJECT}/cmi5`, stream, { 'content-type': contentType });
      courses.push(id);
      return id;
    } catch (thrown) {
      if (thrown.body?.key !== 'bad_package') throw thrown;
      throw new InvalidPackageError(`${thrown.body.facts.clause}: ${thrown.body.message}`);
    }
  },

  getLaunchUrl: async (course, unit, { account }, { registration, launchMode }) => {
    const id =
      registration ?? (await askJson('POST', `/cmi5/courses/${course}/registrations`, { account, anew: true })).id;
    const mode = launchMode ?? 'Normal';
    return (await askJson('POST', `/cmi5/registrations/${id}/units/${unit}/launch`, { mode, returnPath: '/' })).url;
  },

  cleanup: async () => {
    for (const course of courses.splice(0)) await ask('DELETE', `/cmi5/courses/${course}`);
  },

  hasWaive: () => true,
  waiveAU: (registration, unit, reason) =>
    askJson('POST', `/cmi5/registrations/${registration}/units/${unit}/waive`, { reason }),
  hasAbandon: () => true,
  abandonSession: (session) => askJson('POST', `/cmi5/sessions/${session}/abandon`, {}),
};
