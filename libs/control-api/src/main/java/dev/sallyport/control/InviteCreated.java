package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.time.Instant;

/// A link by which a user sets a password. The link is a secret.
public record InviteCreated(Secret url, Instant expires) {}
