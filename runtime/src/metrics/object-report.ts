// What is measured of one object — core

/** A gauge with one series per object, or with one for each value of its own label. */
export interface GaugeDeclaration {
  readonly name: string
  readonly help: string
  /** Beside `namespace`, `name`, `kind` and `cluster`, which all of them have. Its values are a closed list. */
  readonly label?: string
}

export interface Sample {
  /** The name of its gauge. */
  readonly gauge: string
  readonly value: number
  /** Of the gauge's own label. */
  readonly label?: string
}

/** All that is shown of one object. */
export interface ObjectReport {
  readonly cluster: string
  readonly samples: readonly Sample[]
}
