import { useEffect } from "react";
import type { ReactNode } from "react";
import { Button, Container, Nav, Navbar } from "react-bootstrap";
import { NavLink } from "react-router";
import { useCluster } from "../cluster";
import { useSession, useUser } from "../session";

function Mark() {
  return (
    <svg className="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <path className="wall" d="M3 29V9h4v3h4V9h4v3h2V9h4v3h4V9h4v20z" />
      <path className="gate" d="M11 29v-7a5 5 0 0 1 10 0v7z" />
    </svg>
  );
}

/** The browser's title for a page. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Sallyport`;
  }, [title]);
}

/** The frame of a page for somebody who is not signed in: one card. */
export function PlainFrame({ title, children }: { title: string; children: ReactNode }) {
  const cluster = useCluster();
  useTitle(title);
  return (
    <div className="plain-frame">
      <header className="brand">
        <Mark />
        <span className="brand-name">Sallyport</span>
        <span className="brand-cluster">{cluster?.cluster_name}</span>
      </header>
      <main className="plain-card">
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
}

/** The frame of the app: where one is, where one can go, who one is. */
export function AppFrame({ children }: { children: ReactNode }) {
  const cluster = useCluster();
  const { signOut } = useSession();
  const user = useUser();
  return (
    <>
      <a className="visually-hidden-focusable skip" href="#main">
        Skip to the page
      </a>
      <Navbar expand="md" className="app-bar border-bottom" collapseOnSelect>
        <Container>
          <Navbar.Brand as="span" className="brand">
            <Mark />
            <span className="brand-name">Sallyport</span>
          </Navbar.Brand>
          <Navbar.Toggle aria-controls="app-nav" />
          <Navbar.Collapse id="app-nav">
            <Nav className="me-auto">
              <Nav.Link as={NavLink} to="/" end eventKey="home">
                Databases
              </Nav.Link>
              <Nav.Link as={NavLink} to="/account" eventKey="account">
                Account
              </Nav.Link>
            </Nav>
            <span className="navbar-text me-md-3">
              {user.user}
              {cluster ? <span className="text-body-secondary"> · {cluster.cluster_name}</span> : null}
            </span>
            <Button size="sm" variant="outline-secondary" onClick={() => void signOut()}>
              Sign out
            </Button>
          </Navbar.Collapse>
        </Container>
      </Navbar>
      <Container as="main" id="main" className="app-main">
        {children}
      </Container>
    </>
  );
}
