using System.Buffers.Binary;
using System.Numerics;

namespace CustomExecutor.Core;

/// <summary>
/// SHA-256 (FIPS 180-4), for names. .NET's own loads OpenSSL, which takes longer than all else that a stage without
/// network connections does.
/// </summary>
public static class Sha256
{
    private const int BlockSize = 64;

    /// <summary>The first 32 bits of the fractional parts of the cube roots of the first 64 primes.</summary>
    // csharpier-ignore
    private static ReadOnlySpan<uint> RoundConstants =>
        [
            0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
            0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
            0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
            0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
            0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
            0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
            0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
            0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
        ];

    /// <summary>The hash, 32 bytes.</summary>
    public static byte[] Of(ReadOnlySpan<byte> data)
    {
        // The message, a 1 bit, zeros, and the message's length in bits fill whole blocks.
        var padded = new byte[(data.Length + 1 + sizeof(ulong) + BlockSize - 1) / BlockSize * BlockSize];
        data.CopyTo(padded);
        padded[data.Length] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(padded.AsSpan(^sizeof(ulong)..), (ulong)data.Length * 8);

        // The same of the square roots of the first 8 primes.
        // csharpier-ignore
        Span<uint> state =
        [
            0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
        ];
        for (var start = 0; start < padded.Length; start += BlockSize)
            Add(padded.AsSpan(start, BlockSize), state);

        var hash = new byte[32];
        for (var i = 0; i < state.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(i * sizeof(uint)), state[i]);
        return hash;
    }

    private static void Add(ReadOnlySpan<byte> block, Span<uint> state)
    {
        Span<uint> schedule = stackalloc uint[64];
        for (var i = 0; i < 16; i++)
            schedule[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * sizeof(uint))..]);
        for (var i = 16; i < schedule.Length; i++)
        {
            schedule[i] =
                schedule[i - 16] + Mix(schedule[i - 15], 7, 18, 3) + schedule[i - 7] + Mix(schedule[i - 2], 17, 19, 10);
        }

        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        var (e, f, g, h) = (state[4], state[5], state[6], state[7]);
        for (var i = 0; i < schedule.Length; i++)
        {
            var first = h + Rotations(e, 6, 11, 25) + ((e & f) ^ (~e & g)) + RoundConstants[i] + schedule[i];
            var second = Rotations(a, 2, 13, 22) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }

        Span<uint> added = [a, b, c, d, e, f, g, h];
        for (var i = 0; i < state.Length; i++)
            state[i] += added[i];
    }

    private static uint Rotations(uint x, int first, int second, int third) =>
        BitOperations.RotateRight(x, first)
        ^ BitOperations.RotateRight(x, second)
        ^ BitOperations.RotateRight(x, third);

    private static uint Mix(uint x, int first, int second, int shift) =>
        BitOperations.RotateRight(x, first) ^ BitOperations.RotateRight(x, second) ^ (x >> shift);
}
