package dev.sallyport.agent.session;

import dev.sallyport.net.TlsProvider;

class RevocationOverJdkTest extends RevocationContract {
  RevocationOverJdkTest() throws Exception {}

  @Override
  TlsProvider provider() {
    return TlsProvider.JDK;
  }
}
