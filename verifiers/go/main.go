// Checks a served log with Go's own transparency log packages (golang.org/x/mod/sumdb): nothing here
// is shared with Amana but the published formats.
//
//	verify -url http://127.0.0.1:8080/log -log VKEY [-witness VKEY]... [-quorum N] [-old FILE]
//
// Exits 0 when all holds, 1 when something does not, 2 when it cannot be read.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// cosigner checks cosignature/v1 (type 04), which sumdb/note itself does not know.
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func newCosigner(vkey string) (*cosigner, error) {
	name, rest, _ := strings.Cut(vkey, "+")
	id, data, _ := strings.Cut(rest, "+")
	key, err := base64.StdEncoding.DecodeString(data)
	if err != nil || len(key) != 33 || key[0] != 4 {
		return nil, errors.New("not a cosigner's key: " + vkey)
	}
	sum := sha256.Sum256(append([]byte(name+"\n"), key...))
	if hex.EncodeToString(sum[:4]) != id {
		return nil, errors.New("the key id does not fit: " + vkey)
	}
	return &cosigner{name, binary.BigEndian.Uint32(sum[:4]), key[1:]}, nil
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.id }
func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 72 || binary.BigEndian.Uint64(sig) == 0 {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(text), sig[8:])
}

var prefix string

func get(path string) []byte {
	answer, err := http.Get(prefix + "/" + path)
	if err != nil {
		fmt.Println("cannot read:", err)
		os.Exit(2)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<25))
	check(err, path)
	if answer.StatusCode != 200 {
		fail("%s answers %s", path, answer.Status)
	}
	return body
}

func fail(format string, args ...any) {
	fmt.Printf("DOES NOT HOLD: "+format+"\n", args...)
	os.Exit(1)
}

func check(err error, what string) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

// path is where C2SP tlog-tiles puts a tile; Go's own paths name the height as well.
func path(kind string, n int64, width int) string {
	name := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		name = fmt.Sprintf("x%03d/%s", n%1000, name)
	}
	if width < 256 {
		name += ".p/" + strconv.Itoa(width)
	}
	return "tile/" + kind + "/" + name
}

// tiles reads what the server has, for proofs.
type tiles struct{}

func (tiles) Height() int                     { return 8 }
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (tiles) ReadTiles(want []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, t := range want {
		data = append(data, get(path(strconv.Itoa(t.L), t.N, t.W)))
	}
	return data, nil
}

// head opens a checkpoint: signed by the log, cosigned by enough witnesses.
func head(text []byte, origin string, known note.Verifiers, quorum int) (int64, tlog.Hash) {
	opened, err := note.Open(text, known)
	check(err, "checkpoint")
	byLog, by := false, 0
	for _, sig := range opened.Sigs {
		if sig.Name == origin {
			byLog = true
		} else {
			by++
		}
	}
	if !byLog || by < quorum {
		fail("checkpoint: signed by the log: %v, cosigned by %d of %d", byLog, by, quorum)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != origin {
		fail("checkpoint: not of log %s", origin)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "checkpoint size")
	root, err := tlog.ParseHash(lines[2])
	check(err, "checkpoint root")
	return size, root
}

type list []string

func (l *list) String() string         { return strings.Join(*l, " ") }
func (l *list) Set(value string) error { *l = append(*l, value); return nil }

func main() {
	var witnesses list
	flag.StringVar(&prefix, "url", "", "what stands before /checkpoint")
	vkey := flag.String("log", "", "the log's vkey")
	flag.Var(&witnesses, "witness", "a witness's vkey; repeat for more")
	quorum := flag.Int("quorum", 0, "how many witnesses must have cosigned")
	old := flag.String("old", "", "a checkpoint of the same log, kept from before")
	flag.Parse()

	log, err := note.NewVerifier(strings.TrimSpace(*vkey))
	check(err, "-log")
	verifiers := []note.Verifier{log}
	for _, w := range witnesses {
		c, err := newCosigner(strings.TrimSpace(w))
		check(err, "-witness")
		verifiers = append(verifiers, c)
	}
	known := note.VerifierList(verifiers...)
	size, root := head(get("checkpoint"), log.Name(), known, *quorum)

	// Every entry, hashed into a tree of our own.
	var hashes []tlog.Hash
	stored := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, i := range at {
			if i >= int64(len(hashes)) {
				return nil, errors.New("no such hash")
			}
			found = append(found, hashes[i])
		}
		return found, nil
	})
	for n := int64(0); n < size; {
		width := size - n
		if width > 256 {
			width = 256
		}
		name := path("entries", n/256, int(width))
		bundle := get(name)
		for i := int64(0); i < width; i++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				fail("%s ends within entry %d", name, n)
			}
			length := 2 + int(binary.BigEndian.Uint16(bundle))
			more, err := tlog.StoredHashes(n, bundle[2:length], stored)
			check(err, "hash")
			hashes, bundle, n = append(hashes, more...), bundle[length:], n+1
		}
		if len(bundle) > 0 {
			fail("%s holds %d bytes after its last entry", name, len(bundle))
		}
	}
	computed, err := tlog.TreeHash(size, stored)
	check(err, "tree")
	if computed != root {
		fail("ROOT MISMATCH: %d entries hash to %v, the checkpoint signs %v", size, computed, root)
	}

	// Every tile of hashes, as the server has it.
	count := 0
	for _, t := range tlog.NewTiles(8, 0, size) {
		expected, err := tlog.ReadTileData(t, stored)
		check(err, "tile")
		name := path(strconv.Itoa(t.L), t.N, t.W)
		if string(get(name)) != string(expected) {
			fail("%s is not what the entries hash to", name)
		}
		count++
	}

	// Proofs from the served tiles alone.
	served := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, tiles{})
	for n := int64(0); n < size; n += 1 + size/50 {
		proof, err := tlog.ProveRecord(size, n, served)
		check(err, "inclusion")
		check(tlog.CheckRecord(proof, size, root, n, hashes[tlog.StoredHashIndex(0, n)]), "inclusion")
	}
	if *old != "" {
		text, err := os.ReadFile(*old)
		check(err, "-old")
		oldSize, oldRoot := head(text, log.Name(), known, 0)
		if oldSize > size {
			fail("ROLLBACK: %d entries are signed, %d were before", size, oldSize)
		}
		if oldSize == size && oldRoot != root {
			fail("FORK: two roots are signed for %d entries", size)
		}
		if oldSize > 0 && oldSize < size {
			proof, err := tlog.ProveTree(size, oldSize, served)
			check(err, "consistency")
			check(tlog.CheckTree(proof, size, root, oldSize, oldRoot), "FORK: consistency")
		}
	}
	fmt.Printf("go: all holds: %d entries, %d tiles, root %v\n", size, count, root)
}
