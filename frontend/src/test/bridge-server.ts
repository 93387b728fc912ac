import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** One browser's connection, on the side of the server. */
export class Connection {
  readonly received: Record<string, unknown>[] = [];
  open = true;
  private buffer = Buffer.alloc(0);

  constructor(
    readonly path: string,
    private readonly socket: Duplex,
    private readonly onFrame: (connection: Connection, frame: Record<string, unknown>) => void,
  ) {
    socket.on("data", (data: Buffer) => this.take(data));
    socket.on("close", () => this.ended());
    socket.on("error", () => this.ended());
  }

  send(frame: unknown): void {
    this.write(0x81, Buffer.from(JSON.stringify(frame)));
  }

  close(code: number): void {
    this.write(0x88, Buffer.from([code >> 8, code & 255]));
    this.socket.end();
  }

  private ended(): void {
    this.open = false;
  }

  private write(head: number, body: Buffer): void {
    const length = body.length < 126 ? [body.length] : [126, body.length >> 8, body.length & 255];
    this.socket.write(Buffer.concat([Buffer.from([head, ...length]), body]));
  }

  /** Frames of a browser are masked, and short here. */
  private take(data: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, data]);
    while (this.buffer.length >= 6) {
      const [head = 0, second = 0] = this.buffer;
      const long = (second & 127) === 126;
      const start = long ? 8 : 6;
      const size = long ? this.buffer.readUInt16BE(2) : second & 127;
      if (this.buffer.length < start + size) return;
      const mask = this.buffer.subarray(start - 4, start);
      const body = this.buffer
        .subarray(start, start + size)
        .map((byte, index) => byte ^ (mask[index % 4] ?? 0));
      this.buffer = this.buffer.subarray(start + size);
      if ((head & 15) === 8) {
        this.ended();
        this.socket.end(Buffer.from([0x88, 0]));
        return;
      }
      const frame = JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>;
      this.received.push(frame);
      this.onFrame(this, frame);
    }
  }
}

export interface BridgeServer {
  readonly url: string;
  readonly connections: Connection[];
  /** How many are open now. */
  open: () => number;
  stop: () => void;
}

/** A WebSocket server whose answers a test writes. */
export async function startBridge(
  onFrame: (connection: Connection, frame: Record<string, unknown>) => void,
): Promise<BridgeServer> {
  const connections: Connection[] = [];
  const server: Server = createServer();
  server.on("upgrade", (request, socket) => {
    const key = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${GUID}`);
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Accept: ${key.digest("base64")}\r\n\r\n`,
    );
    connections.push(new Connection(request.url ?? "", socket, onFrame));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    connections,
    open: () => connections.filter((connection) => connection.open).length,
    stop: () => server.close(),
  };
}
