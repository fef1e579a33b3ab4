// Room for reviews that are on their way and for answers that are not fetched yet — core
import { Room } from '../client/body/bounds.ts'

interface RoomOptions {
  readonly bytes: number
  /** For so long nobody has to give way. */
  readonly patienceMs: number
  readonly elapsed: () => number
}

/**
 * Who is slow gives way to who comes. Whoever reaches the port could fill the room for as long as a connection may be
 * silent, from as many addresses as it has; what kube-apiserver sends waits for nothing but other reviews.
 */
export class SharedRoom {
  readonly #room: Room
  readonly #options: RoomOptions
  /** Who has some of it, in the order in which they came, and since when. */
  readonly #holders = new Map<Share, number>()

  constructor(options: RoomOptions) {
    this.#room = new Room(options.bytes)
    this.#options = options
  }

  /** `breakOff`: ends the exchange that the share is for. */
  enter(breakOff: () => void): Share {
    return new Share(this, breakOff)
  }

  /** False: so much is not left, and nobody has to give way for it. */
  take(bytes: number, share: Share): boolean {
    if (!this.#room.take(bytes)) {
      const late = this.#options.elapsed() - this.#options.patienceMs
      const slow = [...this.#holders].find(([other, since]) => other !== share && since <= late)
      if (!slow) return false
      slow[0].giveWay()
      return this.take(bytes, share)
    }
    if (bytes > 0 && !this.#holders.has(share)) this.#holders.set(share, this.#options.elapsed())
    return true
  }

  giveBack(bytes: number, share: Share): void {
    this.#room.giveBack(bytes)
    if (share.taken === 0) this.#holders.delete(share)
  }
}

/** What one exchange takes of the room: nothing more once it gave way. */
export class Share implements Pick<Room, 'take' | 'giveBack'> {
  readonly #room: SharedRoom
  readonly #breakOff: () => void
  #isOver = false
  taken = 0

  constructor(room: SharedRoom, breakOff: () => void) {
    this.#room = room
    this.#breakOff = breakOff
  }

  take(bytes: number): boolean {
    if (this.#isOver || !this.#room.take(bytes, this)) return false
    this.taken += bytes
    return true
  }

  giveBack(bytes: number): void {
    if (this.#isOver) return
    this.taken -= bytes
    this.#room.giveBack(bytes, this)
  }

  giveWay(): void {
    this.giveBack(this.taken)
    this.#isOver = true
    this.#breakOff()
  }
}
