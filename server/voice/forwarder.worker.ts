import { parentPort, workerData } from 'node:worker_threads';
import { OrderDesk } from './forwarder-orders.ts';
import type { FromThread, ToThread } from './thread.forwarder.ts';
import { WeriftForwarder, type WeriftOptions } from './werift.forwarder.ts';

const port = parentPort!;
const tell = (told: FromThread) => port.postMessage(told, []);
const desk = new OrderDesk(new WeriftForwarder(workerData as WeriftOptions), tell);
port.on('message', ({ id, order }: ToThread) => void desk.take(order).then((answer) => tell({ id, answer })));
