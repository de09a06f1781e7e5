using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // In SQL, because EF Core does not support partitions. Some of the 16 can move to other servers or disks when one gets too
            // small. Vectors do not compress. Each refresh rewrites a row: free space lets it stay on its page.
            migrationBuilder.Sql("""
                CREATE TABLE profiles (
                    user_id text COLLATE "C" NOT NULL,
                    model text COLLATE "C" NOT NULL,
                    revision bigint NOT NULL,
                    event_count integer NOT NULL,
                    events_through timestamp with time zone NOT NULL,
                    computed_at timestamp with time zone NOT NULL,
                    vector bytea NOT NULL,
                    CONSTRAINT "PK_profiles" PRIMARY KEY (user_id, model)
                ) PARTITION BY HASH (user_id);
                ALTER TABLE profiles ALTER COLUMN vector SET STORAGE EXTERNAL;

                DO $$ BEGIN
                    FOR part IN 0..15 LOOP
                        EXECUTE format(
                            'CREATE TABLE profiles_%s PARTITION OF profiles FOR VALUES WITH (MODULUS 16, REMAINDER %s) ' ||
                            'WITH (fillfactor = 80)',
                            lpad(part::text, 2, '0'), part);
                    END LOOP;
                END $$;
                """);

            migrationBuilder.CreateTable(
                name: "served_model",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    model = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_served_model", x => x.id);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "profiles");

            migrationBuilder.DropTable(
                name: "served_model");
        }
    }
}
