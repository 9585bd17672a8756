import { expect, it } from 'vitest';
import { placeOf } from './place-of.ts';

it.each([
  ['https://eth-mainnet.example.com/v2/s3cretKey', 'https://eth-mainnet.example.com/…'],
  ['https://user:s3cret@rpc.example.com', 'https://rpc.example.com/…'],
  ['https://rpc.example.com/?apikey=s3cret', 'https://rpc.example.com/…'],
  ['http://127.0.0.1:8545', 'http://127.0.0.1:8545'],
  ['http://127.0.0.1:5001/', 'http://127.0.0.1:5001'],
])('tells of %s only %s', (url, place) => expect(placeOf(url)).toBe(place));
