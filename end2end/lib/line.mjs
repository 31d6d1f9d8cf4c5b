// A telephone line between a browser and the server, which can be cut and mended: what "offline" in a browser's tools does not
// do to a stream that is open already.

import { connect, createServer } from 'node:net';

export class Line {
  #sockets = new Set();
  #server;

  /** A line to the server at `base`. */
  static async to(base) {
    const line = new Line();
    line.target = Number(new URL(base).port);
    line.port = 0;
    await line.mend();
    return line;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  #carry(near) {
    const far = connect(this.target, '127.0.0.1');
    for (const [socket, other] of [[near, far], [far, near]]) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  }

  /** What is open ends, and nobody gets through. */
  async cut() {
    if (!this.#server?.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async mend() {
    this.#server = createServer((socket) => this.#carry(socket));
    await new Promise((resolve, reject) => this.#server.once('error', reject).listen(this.port, '127.0.0.1', resolve));
    this.port = this.#server.address().port;
  }
}
