package dev.sallyport.proxy.web;

/// PROXY headers, for tests of other packages that try to smuggle one.
public final class ProxyHeaders {
  private ProxyHeaders() {}

  /// A version 2 header that claims this IPv4 client.
  public static byte[] v2(String client) {
    return RawHttp.header(client);
  }
}
