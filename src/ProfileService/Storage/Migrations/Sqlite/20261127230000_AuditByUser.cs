using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AuditByUser : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_audit_log_user_hash_sequence",
                table: "audit_log",
                columns: new[] { "user_hash", "sequence" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_audit_log_user_hash_sequence",
                table: "audit_log");
        }
    }
}
