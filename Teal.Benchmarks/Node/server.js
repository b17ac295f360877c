'use strict';

// What a developer would write in an hour instead of using Teal: nothing is checked, kept, bounded or resumed.
//
//   node server.js <port>

const http = require('http');
const { WebSocketServer } = require('ws');

const topics = new Map();

const argumentOf = (request, name) => new URL(request.url, 'http://localhost').searchParams.get(name);

const server = http.createServer((request, response) => {
  const state = argumentOf(request, 'state');
  const sockets = topics.get(state);
  if (sockets) {
    const event = { type: 'callback', timestamp: new Date().toISOString(), url: `http://${request.headers.host}${request.url}`, state };
    const message = JSON.stringify(event);
    for (const socket of sockets) socket.send(message);
  }

  response.writeHead(302, { 'Location': 'https://app.example.org/done', 'Content-Length': 0 }).end();
});

// As with the other servers, a sender may pause for as long as it likes.
server.keepAliveTimeout = 0;

new WebSocketServer({ server }).on('connection', (socket, request) => {
  const topic = argumentOf(request, 'topic');
  const sockets = topics.get(topic) ?? new Set();
  topics.set(topic, sockets.add(socket));
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    sockets.delete(socket);
    if (sockets.size === 0) topics.delete(topic);
  });
});

server.listen(Number(process.argv[2]), '127.0.0.1');
