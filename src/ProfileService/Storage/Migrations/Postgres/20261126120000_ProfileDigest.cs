using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ProfileDigest : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Existing rows get the digest of the active model, as whose they were served until now; no row of another model has that
            // digest. It is set as the column's default, so that no row is rewritten. After that the default is empty: a row that an older
            // service writes belongs to no model.
            migrationBuilder.Sql("""
                DO $$ BEGIN
                    EXECUTE format('ALTER TABLE profiles ADD COLUMN digest text COLLATE "C" NOT NULL DEFAULT %L',
                        coalesce((SELECT split_part(model, '@', 2) FROM served_model WHERE model NOT LIKE 'marking %'), ''));
                    ALTER TABLE profiles ALTER COLUMN digest SET DEFAULT '';
                END $$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "digest", table: "profiles");
        }
    }
}
