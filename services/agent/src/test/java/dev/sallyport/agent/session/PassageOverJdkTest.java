package dev.sallyport.agent.session;

import dev.sallyport.net.TlsProvider;

class PassageOverJdkTest extends PassageContract {
  PassageOverJdkTest() throws Exception {}

  @Override
  TlsProvider provider() {
    return TlsProvider.JDK;
  }
}
