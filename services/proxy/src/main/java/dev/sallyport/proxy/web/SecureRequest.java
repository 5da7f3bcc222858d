package dev.sallyport.proxy.web;

import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;

/// A request that came over TLS, which ended in front of the web server.
final class SecureRequest extends Request.Wrapper {
  private final HttpURI uri;

  private SecureRequest(Request wrapped) {
    super(wrapped);
    this.uri = HttpURI.build(wrapped.getHttpURI()).scheme(HttpScheme.HTTPS);
  }

  /// The request, as it was meant by the client.
  static Request of(Request request) {
    return new SecureRequest(request);
  }

  @Override
  public HttpURI getHttpURI() {
    return uri;
  }

  @Override
  public boolean isSecure() {
    return true;
  }
}
