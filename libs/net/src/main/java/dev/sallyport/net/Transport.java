package dev.sallyport.net;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/// How event loops wait for sockets.
public enum Transport {
  /// Linux's own, through Netty's natives.
  EPOLL,
  /// The JDK's selectors, present everywhere.
  NIO;

  /// Epoll where its natives load, else NIO.
  public static Transport best() {
    return EPOLL.isAvailable() ? EPOLL : NIO;
  }

  /// Whether this transport works in this process.
  public boolean isAvailable() {
    return switch (this) {
      case EPOLL -> Epoll.isAvailable();
      case NIO -> true;
    };
  }

  IoHandlerFactory ioHandlers() {
    return switch (this) {
      case EPOLL -> LastingEpoll.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  Class<? extends ServerChannel> serverChannelType() {
    return switch (this) {
      case EPOLL -> EpollServerSocketChannel.class;
      case NIO -> NioServerSocketChannel.class;
    };
  }

  Class<? extends Channel> channelType() {
    return switch (this) {
      case EPOLL -> EpollSocketChannel.class;
      case NIO -> NioSocketChannel.class;
    };
  }

  Class<? extends ServerChannel> serverDomainChannelType() {
    return switch (this) {
      case EPOLL -> EpollServerDomainSocketChannel.class;
      case NIO -> NioServerDomainSocketChannel.class;
    };
  }

  Class<? extends Channel> domainChannelType() {
    return switch (this) {
      case EPOLL -> EpollDomainSocketChannel.class;
      case NIO -> NioDomainSocketChannel.class;
    };
  }
}
