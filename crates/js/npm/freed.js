// What a model is after `free`.

/**
 * Lets the models of a class say that they are freed. WebAssembly must not be asked about such a one: it throws through itself, and
 * does not give back the places of what it was asked.
 */
export function tellFreed({ prototype }) {
  const { free } = prototype;
  const get = () => {
    throw new Error("this model has been freed, and cannot be asked any more; open another one");
  };
  const asked = Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor" && name !== "free");
  const freed = Object.create(prototype, Object.fromEntries(asked.map((name) => [name, { get }])));
  // What is freed already need not be freed again, as by `using`.
  freed.free = () => {};
  prototype.free = function () {
    try {
      free.call(this);
    } finally {
      Object.setPrototypeOf(this, freed);
    }
  };
  if (Symbol.dispose) {
    prototype[Symbol.dispose] = function () {
      this.free();
    };
  }
}
