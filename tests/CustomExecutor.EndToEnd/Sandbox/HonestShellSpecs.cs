namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>What shell scripts take for granted: temporary files, devices, background services, signals. The sandbox is
/// in the way of none.</summary>
public sealed class HonestShellSpecs(HonestJob job) : IClassFixture<HonestJob>
{
    [Theory]
    [InlineData(
        "mktemp",
        "file=$(mktemp) && directory=$(mktemp -d) && echo fine > $file && mv $file $directory/file && cat "
            + "$directory/file && rm -r $directory"
    )]
    [InlineData(
        "perl's temporary files",
        "perl -MFile::Temp=tempfile -e '($f, $n) = tempfile(TMPDIR => 1, UNLINK => 1); print $f \"x\"; print $n =~ "
            + "m(^\\Q$ENV{TMPDIR}/\\E) ? \"fine\\n\" : $n'"
    )]
    [InlineData(
        "sort with more than its memory holds",
        "seq 200000 | sort -S 100K -rn | tail -n 1 | sed 's/^1$/fine/'"
    )]
    [InlineData("here-documents", "cat << EOF\nfine\nEOF")]
    [InlineData("process substitution", "cat <(echo fine); diff <(echo 1) <(echo 1)")]
    // Into a pipe of the script's own: the job log's is root's here, who plays the runner; with a runner of the same
    // user there is no difference.
    [InlineData(
        "/dev/stdout, /dev/stderr and /dev/null",
        "echo gone > /dev/null && cat /dev/null && (echo fi > /dev/stdout && echo ne > /dev/stderr) 2>&1 | paste -sd ''"
    )]
    [InlineData(
        "/dev/urandom, /dev/zero and /dev/fd",
        "head -c 8 /dev/urandom | wc -c | grep -x 8 && head -c 4 /dev/zero | wc -c | grep -x 4 && echo fine | cat "
            + "/dev/fd/0"
    )]
    [InlineData(
        "/dev/tty, of which there is none",
        "! ( : < /dev/tty ) 2> error && grep -i 'no such device or address' error && echo fine"
    )]
    [InlineData("/dev/shm", "file=$(mktemp -p /dev/shm) && echo fine > $file && cat $file && rm $file")]
    [InlineData("/tmp by its name", "file=$(mktemp -p /tmp) && echo fine > $file && cat $file && rm $file")]
    [InlineData(
        "what /proc says of itself and of the machine",
        "grep -q Name /proc/self/status && tr '\\0' '\\n' < /proc/$$/environ | grep ^PATH= > /dev/null && ls /proc/$$/fd/ "
            + "> /dev/null && nproc > /dev/null && cat /proc/meminfo /sys/kernel/mm/transparent_hugepage/enabled > "
            + "/dev/null && echo fine"
    )]
    [InlineData(
        "moving and linking between workspace and TMPDIR",
        "echo fine > a && mv a $TMPDIR/b && ln $TMPDIR/b c && mv c $TMPDIR/c && ln -s $TMPDIR/c d && cat d"
    )]
    [InlineData(
        "moving a whole directory to TMPDIR and back",
        "mkdir -p a/b && echo fine > a/b/c && mv a $TMPDIR/moved && mv $TMPDIR/moved z && cat z/b/c"
    )]
    [InlineData(
        "a program that the script has compiled",
        "printf '#include <stdio.h>\\nint main(void) { return puts(\"fine\") < 0; }\\n' > p.c && cc p.c -o p && ./p",
        "cc"
    )]
    [InlineData(
        "a script of its own in its HOME",
        "mkdir -p ~/bin && printf '#!/bin/sh\\necho fine\\n' > ~/bin/own-tool && chmod +x ~/bin/own-tool && "
            + "PATH=~/bin:$PATH && own-tool"
    )]
    [InlineData("signals to its own children", "sleep 100 & kill -0 $! && kill $! && ! wait $! && echo fine")]
    [InlineData(
        "signals to a process group of its own",
        "setsid sh -c 'sleep 100 & echo $$ > leader; wait' & for i in {1..500}; do [ -s leader ] && break; sleep "
            + "0.02; done; kill -- -$(cat leader) && ! wait $! && echo fine"
    )]
    [InlineData(
        "a look at its own children's files and environment",
        "MARK=fine sleep 100 & for i in {1..500}; do grep -aqs MARK /proc/$!/environ && break; sleep 0.02; done; "
            + "ls /proc/$!/cwd/ > /dev/null && readlink /proc/$!/exe > /dev/null && tr '\\0' '\\n' < "
            + "/proc/$!/environ | sed -n s/MARK=//p; kill $!"
    )]
    [InlineData(
        "name lookups and certificates",
        "getent hosts localhost > /dev/null && getent passwd root > /dev/null && ls /etc/ssl/certs > /dev/null && "
            + "echo fine"
    )]
    public async Task Scripts_can_use(string what, string script, string? needs = null)
    {
        ServiceUser.RequireHost();
        if (needs is not null && !ServiceHost.Has(needs))
            Assert.Skip($"{needs}, for {what}, is not installed for all users.");

        (await job.Do(script)).Should().Contain("fine", what);
    }

    [Theory]
    [InlineData(
        "TCP",
        "INET",
        "Proto => \"tcp\", LocalAddr => \"127.0.0.1\"",
        "PeerAddr => \"127.0.0.1\", PeerPort => $where"
    )]
    [InlineData("a unix socket in TMPDIR", "UNIX", "Local => \"$ENV{TMPDIR}/server.socket\"", "Peer => $where")]
    [InlineData("an abstract socket", "UNIX", "Local => \"\\0of-the-job-$$\"", "Peer => $where")]
    public async Task A_background_service_answers_a_later_line_of_the_same_stage_over(
        string transport,
        string kind,
        string listen,
        string connect
    )
    {
        ServiceUser.RequireHost();
        var where = kind == "INET" ? "$s->sockport" : "$s->hostpath";

        var log = await job.Do(
            $$"""
            perl -MIO::Socket::{{kind}} -e '$s = IO::Socket::{{kind}}->new(Listen => 1, {{listen}}) or die "$@ $!"; open $f, ">", "new"; print $f {{where}}; close $f; rename "new", "where"; while ($c = $s->accept) { print $c "fine\n"; close $c }' &
            for i in {1..500}; do [ -e where ] && break; sleep 0.02; done
            perl -MIO::Socket::{{kind}} -e 'open $f, "<", "where"; $where = <$f>; print IO::Socket::{{kind}}->new({{connect}})->getline'
            kill $!
            """
        );

        log.Should().Contain("fine", transport);
    }
}
