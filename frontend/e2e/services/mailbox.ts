import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";

const root = fileURLToPath(new URL("../../..", import.meta.url));

interface Mail {
  to: string;
  subject: string;
  text: string;
  link: string;
}

/** A mail server of a test's own, `tests/services/mailbox.py`. */
export class Mailbox {
  private port = 0;
  private readonly mails: Mail[] = [];
  private readonly process: ChildProcess;

  constructor() {
    const python = join(root, ".venv/bin/python");
    this.process = spawn(python, ["-m", "tests.services.mailbox"], {
      cwd: root,
      stdio: ["pipe", "pipe", "inherit"],
    });
    if (!this.process.stdout) throw new Error("the mailbox has no output");
    createInterface(this.process.stdout).on("line", (line) => {
      const told = JSON.parse(line) as Mail | { port: number };
      if ("port" in told) this.port = told.port;
      else this.mails.push(told);
    });
  }

  /** `smtpServer` of a realm that sends by it. */
  async settings(): Promise<object> {
    await expect.poll(() => this.port).toBeGreaterThan(0);
    return { host: "127.0.0.1", port: String(this.port), from: "studio@studio.example" };
  }

  /** The newest mail to an address with such a subject, when it has come. */
  async mailTo(address: string, subject: RegExp): Promise<Mail> {
    const find = () =>
      this.mails.findLast((mail) => mail.to === address && subject.test(mail.subject));
    await expect.poll(find, { message: `no mail to ${address}` }).toBeDefined();
    return find() as Mail;
  }

  close(): void {
    this.process.stdin?.end();
  }
}
