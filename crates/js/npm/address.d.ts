/** The address of a file of the package, where your bundler has put it. */
declare const address: string;
export default address;
