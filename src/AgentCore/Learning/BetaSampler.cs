namespace AgentCore.Learning;

/// <summary>Draws from Beta distributions.</summary>
internal static class BetaSampler
{
    /// <summary>A draw from Beta(a, b), as the share of two Gamma draws.</summary>
    public static double Next(Random random, double a, double b)
    {
        var x = Gamma(random, a);
        var y = Gamma(random, b);
        return x + y > 0 ? x / (x + y) : 0.5;
    }

    /// <summary>A draw from Gamma(shape, 1), shape 1 or more. Marsaglia and Tsang, A simple method for generating gamma variables,
    /// ACM TOMS 26 (2000).</summary>
    private static double Gamma(Random random, double shape)
    {
        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal(random);
            var v = 1 + c * x;
            if (v <= 0)
                continue;

            v = v * v * v;
            if (Math.Log(1 - random.NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return d * v;
        }
    }

    // Box and Muller.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
