import { networkInterfaces } from 'node:os';
import { readConfig, type ConfigTree } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';

interface StartOptions {
  port?: string;
  host?: string;
  data?: string;
  lan?: boolean;
  demo: boolean;
}

export const startCommand: HallCommand = {
  register: (program) => {
    program
      .command('start', { isDefault: true })
      .description('open the hall')
      .option('-p, --port <number>', 'TCP port (PORT, default 2567)')
      .option('--host <address>', 'address to listen on (HOST, default 127.0.0.1: this machine only)')
      .option('-d, --data <folder>', 'data folder (DATA_DIR, default .data)')
      .option('--lan', 'HTTPS for headsets and phones on this network, with a certificate made here')
      .option('--no-demo', 'leave an empty hall empty')
      .action(start);
  },
};

async function start(options: StartOptions): Promise<void> {
  const config = readConfig({
    PORT: options.port,
    HOST: options.host,
    DATA_DIR: options.data,
    LAN: options.lan ? '1' : undefined,
    DEMO: options.demo ? undefined : '0',
  });
  const [{ serveUntilSignal }, { AppModule }] = await Promise.all([
    import('../../platform/serve.ts'),
    import('../../app.module.ts'),
  ]);
  const server = await serveUntilSignal(config, AppModule.register(config));
  console.log(
    `\n  Workhall is open:  ${config.tree.publicUrl ?? server.url}\n  Data folder:       ${config.tree.dataDir}`,
  );
  if (config.tree.lan) await inviteHeadsets(config.tree, server.port);
  else if (config.tree.host === '127.0.0.1')
    console.log('  For headsets and phones on this network:  npm start -- --lan');
  console.log('  Stop with Ctrl-C.\n');
}

async function inviteHeadsets(tree: ConfigTree, port: number): Promise<void> {
  const url = tree.publicUrl ?? `https://${lanAddress() ?? 'localhost'}:${port}`;
  const { toString } = await import('qrcode');
  console.log(`  On this network:   ${url}\n\n${await toString(url, { type: 'terminal', small: true })}`);
  console.log(
    [
      '  A headset warns once, because this machine made the certificate itself. Either',
      '   - choose "Advanced" and "Proceed" on the warning (enough for Meta Quest and Pico browsers), or',
      `   - open http://${new URL(url).host}/ca.crt on the device and install it: Android and Quest under Settings >`,
      '     Security > Install a certificate > CA; iPhone, iPad and Vision Pro under Settings > General > VPN & Device',
      '     Management, then General > About > Certificate Trust Settings.',
      '  The certificate is trusted for this hall only as long as you keep its data folder.',
      '',
      '  Guests are known at the address where they gave their name: whoever came in at http://localhost is not known at',
      '  the https address. Their way over is the key under "Signing key": imported into a wallet, it signs them in here.',
      '',
      '  Then give a name, open a project, choose "Enter room" and press "Enter VR".',
    ].join('\n'),
  );
}

/** The first private IPv4 address of a real interface; container bridges come last. */
function lanAddress(): string | undefined {
  const found = Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? []).filter((one) => one.family === 'IPv4' && !one.internal).map((one) => ({ name, address: one.address })),
  );
  const isBridge = (name: string) => /^(docker|br-|veth|virbr|vmnet)/.test(name);
  return (found.find(({ name }) => !isBridge(name)) ?? found[0])?.address;
}
