// A generic proxy that signs what passes, as such programs do it: the AWS SDK's signer, each body and
// answer read whole, Go's HTTP client, here with a pool that is large enough.
//
//	resigner ADDRESS UPSTREAM AUTHORITY
package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go/aws/credentials"
	v4 "github.com/aws/aws-sdk-go/aws/signer/v4"
)

type resigner struct {
	upstream string
	signer   *v4.Signer
	client   *http.Client
}

func (r *resigner) forward(in *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(in.Body)
	if err != nil {
		return nil, err
	}
	out, err := http.NewRequest(in.Method, "https://"+r.upstream+in.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"Content-Type", "X-Amz-Target", "Accept-Encoding"} {
		if value := in.Header.Get(name); value != "" {
			out.Header.Set(name, value)
		}
	}
	if _, err := r.signer.Sign(out, bytes.NewReader(body), "dynamodb", "us-east-1", time.Now()); err != nil {
		return nil, err
	}
	return r.client.Do(out)
}

func (r *resigner) ServeHTTP(w http.ResponseWriter, in *http.Request) {
	answer, err := r.forward(in)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	for name, values := range answer.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.StatusCode)
	w.Write(body)
}

func main() {
	authority, err := os.ReadFile(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		log.Fatal("no certificate in ", os.Args[3])
	}
	keys := credentials.NewStaticCredentials("ASIABENCH", strings.Repeat("s", 40), strings.Repeat("T", 360))
	transport := &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots},
		MaxIdleConns:        1024,
		MaxIdleConnsPerHost: 1024,
		IdleConnTimeout:     10 * time.Minute,
	}
	log.Fatal(http.ListenAndServe(os.Args[1], &resigner{
		upstream: os.Args[2],
		signer:   v4.NewSigner(keys),
		client:   &http.Client{Transport: transport},
	}))
}
